"""From a row of a sweep to a `Match`."""

from itertools import product

from .records import FoundRow, IndexedRepository, Match, Reason

REASONS: tuple[Reason, ...] = ("owner", "repository", "repository_id")

# The three flags of a row to its reasons.
BY = {
    flags: frozenset(reason for reason, is_hit in zip(REASONS, flags, strict=True) if is_hit)
    for flags in product((False, True), repeat=len(REASONS))
}


def brief_match(row: FoundRow) -> Match:
    """Return a row as a Match; the fields that it does not have are empty."""
    name, number, files, size, *flags = row
    # An index holds no name with a character outside ASCII.
    key = name.lower()
    return Match(IndexedRepository(name, key.partition("/")[0], key, number, files, size), BY[tuple(flags)])

"""What few scopes cover, from the look-up store: one look for each scope, where a sweep looks at every row's mark."""

from collections.abc import Collection, Iterator

from .lookup_store.reading import LookupStore
from .matches import REASONS
from .records import LARGEST_ID, FoundRow, IndexedRepository, Match, Reason

FEW = 200
"""So many looks cost no more than a sweep does, in the smallest index."""

_EVERY = 1 << 62


def matches_of_few(
    store: LookupStore, owners: Collection[str], repositories: Collection[str], ids: Collection[int]
) -> list[Match]:
    """Return what `Index.find` finds, in no set order. Raises StoreUnusable."""
    found: dict[tuple[str, int | None], tuple[IndexedRepository, set[Reason]]] = {}
    for reason, each in _looks(store, owners, repositories, ids):
        found.setdefault((each.repo_name, each.repo_id), (each, set()))[1].add(reason)
    return [Match(each, frozenset(reasons)) for each, reasons in found.values()]


def plain_row(match: Match) -> FoundRow:
    """Return a match as a plain row."""
    each = match.repository
    by_owner, by_name, by_id = (reason in match.by for reason in REASONS)
    return each.repo_name, each.repo_id, each.files, each.bytes, by_owner, by_name, by_id


def _looks(
    store: LookupStore, owners: Collection[str], repositories: Collection[str], ids: Collection[int]
) -> Iterator[tuple[Reason, IndexedRepository]]:
    for login in owners:
        yield from (("owner", each) for each in store.page(login, limit=_EVERY)[1])
    for name in repositories:
        yield from (("repository", each) for each in store.repository(name))
    known = [number for number in ids if 0 < number <= LARGEST_ID]
    yield from (("repository_id", each) for each in store.by_id(known))

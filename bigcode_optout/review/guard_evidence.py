"""What a guard saw: the repositories, dates and counts that made it fire, a line each."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.conf import settings

from bigcode_optout.claims.authority import Guard, Standing
from bigcode_optout.claims.authority_words import led_in_words
from bigcode_optout.review.holdings import RepositoryLine
from bigcode_optout.review.parts import GuardLine, Part
from bigcode_optout.review.versions import VersionLine
from bigcode_optout.review.words import STANDINGS

# So many repositories are named; the table below has all of them first.
NAMED = 3


def evidence_of(
    guard: GuardLine, part: Part, versions: Sequence[VersionLine], repositories: Sequence[RepositoryLine]
) -> list[str]:
    """The lines for one guard of a part; what has none of its own gets the counts of the versions that it fired in.

    The claim's proofs are read. No query.
    """
    seen = _OF_REPOSITORIES.get(guard.code)
    if seen is not None:
        return _named(repositories, seen)
    special = _SPECIAL.get(guard.code)
    return special(guard, part, versions) if special else _counts(guard, part, versions)


def _named(repositories: Sequence[RepositoryLine], standing: Standing) -> list[str]:
    found = [line for line in repositories if line.standing == STANDINGS[standing]]
    named = [_one(line) for line in found[:NAMED]]
    rest = len(found) - len(named)
    return [*named, f"and {rest:,} more of those listed below"] if rest else named


def _one(line: RepositoryLine) -> str:
    said = [line.full_name, f"now {line.known_as}" if line.known_as else "", line.owned_by]
    return ", ".join(word for word in said if word)


def _counts(guard: GuardLine, part: Part, versions: Sequence[VersionLine]) -> list[str]:
    counted = part.first.assessment.get("versions", {})
    concerned = guard.versions or list(counted)
    said = ((name, led_in_words(counted[name])) for name in concerned if name in counted)
    return [f"{name}: {words}" for name, words in said if words]


def _ages(guard: GuardLine, part: Part, versions: Sequence[VersionLine]) -> list[str]:
    made = next(
        (
            proof.evidence["created_at"]
            for proof in part.claim.proofs.all()
            if proof.evidence.get("created_at")
        ),
        None,
    )
    days = [
        f"{line.version} stands for {line.data_date:%Y-%m-%d}"
        for line in versions
        if line.version in guard.versions
    ]
    return [f"made {datetime.fromisoformat(made):%Y-%m-%d}", *days] if made else days


def _size(guard: GuardLine, part: Part, versions: Sequence[VersionLine]) -> list[str]:
    largest = max((line.repository_count for line in versions), default=0)
    return [f"{largest:,} repositories in the version with most of them, by this request alone"]


def _too_many(guard: GuardLine, part: Part, versions: Sequence[VersionLine]) -> list[str]:
    rows = sum(line.repository_count for line in versions)
    return [f"{rows:,} over the versions; up to {settings.RESOLVE_LIMIT:,} of a request are asked about"]


def _nothing(guard: GuardLine, part: Part, versions: Sequence[VersionLine]) -> list[str]:
    return []


def _failures(guard: GuardLine, part: Part, versions: Sequence[VersionLine]) -> list[str]:
    return [f"{line.version}: {line.failure or 'not searched'}" for line in versions if not line.is_searched]


def _stated(guard: GuardLine, part: Part, versions: Sequence[VersionLine]) -> list[str]:
    return [
        f"{str(proof.get_method_display()).capitalize()} {proof.checked_at:%Y-%m-%d}"
        for proof in list(part.claim.proofs.all())[:1]
    ]


_OF_REPOSITORIES: Mapping[str, Standing] = {
    Guard.OTHER_OWNER: Standing.OTHERS,
    Guard.UNRESOLVED: Standing.GONE,
    Guard.GITHUB_SILENT: Standing.SILENT,
}
_SPECIAL: Mapping[str, Callable[[GuardLine, Part, Sequence[VersionLine]], list[str]]] = {
    Guard.NAME_TAKER: _ages,
    Guard.TOO_MANY_TO_ASK: _too_many,
    # The sentence of the guard says all there is.
    Guard.OWNER_NOT_READ: _nothing,
    Guard.NO_ACCOUNT: _nothing,
    Guard.LARGE_ORGANISATION: _size,
    Guard.MEMBERS_NOT_COUNTED: _size,
    Guard.LOCATING_GAVE_UP: _failures,
    Guard.ROLE_PROVEN_LONG_AGO: _stated,
}

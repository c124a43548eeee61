"""The repositories that were located, with whose they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote

from django.conf import settings
from django.db.models import QuerySet

from bigcode_optout.claims import queries as claims
from bigcode_optout.claims.authority import Standing
from bigcode_optout.claims.models import RepositoryFact
from bigcode_optout.core import clock
from bigcode_optout.names import fold
from bigcode_optout.removals.assessing import standing_of
from bigcode_optout.removals.models import LocatedRepository, RemovalRequest
from bigcode_optout.review.parts import Part
from bigcode_optout.review.words import STANDINGS, Mark

FIRST = 10
# So many rows of a request are looked through for those that a reviewer should see first.
LOOKED_THROUGH = 1000
_URGENCY = (
    Standing.OTHERS,
    Standing.GONE,
    Standing.SILENT,
    Standing.NOT_ASKED,
    Standing.UNSEARCHED,
    Standing.OURS,
)


@dataclass
class RepositoryLine:
    """A repository over the versions; files and bytes of the version where it is largest, None where not recorded.

    `owned_by`: login and number of another owner, where GitHub named one.
    """

    full_name: str
    repository_id: int | None
    standing: Mark
    urgency: int
    known_as: str
    file_count: int | None
    byte_count: int | None
    owned_by: str = ""
    versions: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it would stand on GitHub."""
        return github_address(self.full_name)


def github_address(name: str) -> str:
    """The page of an account or a repository on GitHub."""
    return f"{settings.GITHUB_URL}/{quote(name)}"


def _owner_of(fact: RepositoryFact | None) -> str:
    if fact is None or fact.owner_id is None:
        return ""
    return f"{fact.owner_login}, number {fact.owner_id}" if fact.owner_login else f"number {fact.owner_id}"


class Facts:
    """What GitHub last said about located rows, as the assessment of their request could know it."""

    def __init__(self, request: RemovalRequest, rows: Sequence[LocatedRepository], *, row_count: int) -> None:
        since = (request.submitted_at or clock.now()) - claims.FRESH
        self.is_too_many = row_count > settings.RESOLVE_LIMIT
        numbers = {row.repository_id for row in rows if row.repository_id}
        names = {fold(row.full_name) for row in rows if not row.repository_id}
        self._by_id, self._by_name = claims.facts_of(numbers, names, since=since)

    def line(self, row: LocatedRepository) -> RepositoryLine:
        """The row with whose it is. Its `item.claim` is read."""
        fact = (
            self._by_id.get(row.repository_id)
            if row.repository_id
            else self._by_name.get(fold(row.full_name))
        )
        standing = self._standing(row, fact)
        return RepositoryLine(
            full_name=row.full_name,
            repository_id=row.repository_id,
            standing=STANDINGS[standing],
            urgency=_URGENCY.index(standing),
            known_as=fact.full_name if fact and fold(fact.full_name) != fold(row.full_name) else "",
            file_count=row.file_count if row.run.version.has_file_counts else None,
            byte_count=row.byte_count if row.run.version.has_sizes else None,
            owned_by=_owner_of(fact) if standing is Standing.OTHERS else "",
        )

    def _standing(self, row: LocatedRepository, fact: RepositoryFact | None) -> Standing:
        if fact is None:
            return Standing.NOT_ASKED if self.is_too_many else Standing.SILENT
        return standing_of(row.item.claim, fact, row, row.run.version.data_date)


def largest_rows(request: RemovalRequest) -> list[LocatedRepository]:
    """The request's located rows, the largest first; all of them if there are fewer than `LOOKED_THROUGH`."""
    located = LocatedRepository.objects.filter(run__request=request).select_related("run__version")
    return list(located.order_by("-byte_count", "full_name")[:LOOKED_THROUGH])


def first_repositories(
    request: RemovalRequest, rows: Sequence[LocatedRepository], parts: Iterable[Part], *, row_count: int
) -> dict[str, list[RepositoryLine]]:
    """By a part's key, up to FIRST of its repositories: what is not theirs first, then the largest. `rows` as
    `largest_rows` gives them, of `row_count` in all."""
    items = {item.pk: (part.key, item) for part in parts for item in part.items}
    for row in rows:
        row.item = items[row.item_id][1]
    facts = Facts(request, rows, row_count=row_count)
    found: dict[str, dict[str, RepositoryLine]] = {}
    for row in rows:
        lines = found.setdefault(items[row.item_id][0], {})
        line = lines.setdefault(fold(row.full_name), facts.line(row))
        line.versions.append(row.run.version.name)
    chosen = {
        key: sorted(lines.values(), key=lambda line: (line.urgency, -(line.byte_count or 0)))[:FIRST]
        for key, lines in found.items()
    }
    if row_count > len(rows):
        located = LocatedRepository.objects.filter(run__request=request)
        _complete_versions(located, [line for lines in chosen.values() for line in lines])
    ages = {row.run.version.name: row.run.version.data_date for row in rows}
    for key in chosen:
        for line in chosen[key]:
            line.versions.sort(key=lambda name: ages.get(name, date.min), reverse=True)
    return chosen


def _complete_versions(located: QuerySet[LocatedRepository], lines: Iterable[RepositoryLine]) -> None:
    """Say again in which versions the repositories are: rows that were not looked through have them, too."""
    by_name = {line.full_name: line for line in lines}
    for line in by_name.values():
        line.versions = []
    for name, version in located.filter(full_name__in=by_name).values_list("full_name", "run__version__name"):
        by_name[name].versions.append(version)

"""What the answer page says about a name, made from what the indexes hold."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

from bigcode_optout.catalog.copies_elsewhere import Copied, CopiesInVersion
from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.catalog.queries import Answer, RepositoryRow, VersionAnswer
from bigcode_optout.names import RepositoryName, fold

SORTS: dict[str, Callable[[RepositoryRow], object]] = {
    "size": lambda row: (-row.latest.bytes, -row.latest.files, fold(row.full_name)),
    "files": lambda row: (-row.latest.files, -row.latest.bytes, fold(row.full_name)),
    "name": lambda row: fold(row.full_name),
}


def chosen_sort(asked: str) -> str:
    """The order that was asked for, or by size."""
    return asked if asked in SORTS else "size"


@dataclass(frozen=True)
class Listed:
    """A repository in the list. `places`: each version, oldest first, and whether it has the repository; `copied`: None
    where copies are not measurable."""

    row: RepositoryRow
    places: list[tuple[str, bool]]
    copied: Copied | None = None

    @property
    def languages(self) -> str:
        """Its two largest languages."""
        return ", ".join(share.language for share in self.row.latest.languages[:2] if share.language)

    @property
    def licences(self) -> str:
        """The licences that were found, at most three of them."""
        found = self.row.latest.licences
        return ", ".join(found[:3]) + (" and others" if len(found) > 3 else "")


# Beside a file version 1 names the holder of it that has most of each.
_HOLDERS = {
    "stars": "the most starred holder",
    "issues": "the holder with most issues",
    "forks": "the most forked holder",
}


@dataclass(frozen=True)
class Attributed:
    """As what a version names a repository beside its files."""

    version: str
    short_name: str
    named_as: str
    shared_files: int
    other_holders: int


@dataclass(frozen=True)
class AnswerPage:
    """An answer with its list. `listed` has the rows that are shown: narrowed by the index when there are many."""

    answer: Answer
    listed: Answer
    name_contains: str
    sort: str
    copies: CopiesInVersion | None = None

    @property
    def is_repository(self) -> bool:
        """True when one repository was asked for."""
        return isinstance(self.answer.name, RepositoryName)

    @cached_property
    def shown_name(self) -> str:
        """The name as the dataset spells it, or as it was typed when there is nothing."""
        if not self.answer.rows:
            return self.answer.name.shown
        full_name = self.answer.rows[0].full_name
        return full_name if self.is_repository else full_name.partition("/")[0]

    @property
    def owner(self) -> str:
        """The owner part of the name."""
        return self.shown_name.partition("/")[0]

    @property
    def newest_version(self) -> VersionAnswer | None:
        """What the newest version holds; None when no version is registered."""
        return next(iter(self.answer.versions), None)

    @property
    def version_names(self) -> list[str]:
        """Every version that was searched, newest first."""
        return [each.version.name for each in self.answer.versions]

    @property
    def holding(self) -> VersionAnswer | None:
        """The newest version that holds anything."""
        return self.answer.newest

    @property
    def has_sizes(self) -> bool:
        """False when no version says how long its files are."""
        return any(each.version.has_sizes for each in self.answer.versions)

    @property
    def of_what(self) -> str:
        """The end of “has 3 files”."""
        return " of it" if self.answer.repository_count == 1 else " of them"

    @property
    def is_too_long(self) -> bool:
        """True when there are more repositories than a page lists: the list waits for a narrower filter."""
        return self.listed.is_cut

    @cached_property
    def rows(self) -> list[Listed]:
        """What the list shows, in the order asked for."""
        if self.is_too_long:
            return []
        wanted = fold(self.name_contains)
        found = [row for row in self.listed.rows if wanted in fold(row.short_name)]
        names = self.version_names[::-1]
        return [
            Listed(row, [(name, name in row.version_names) for name in names], self._copied(row))
            for row in sorted(found, key=SORTS[self.sort])  # type: ignore[arg-type]
        ]

    def _copied(self, row: RepositoryRow) -> Copied | None:
        return self.copies.repositories.get(fold(row.full_name)) if self.copies else None

    @cached_property
    def attributed(self) -> list[Attributed]:
        """What is listed, as the newest version names it that names several repositories beside a file."""
        rows = [each.row for each in self.rows]
        version = next(
            (name for name in self.version_names if any(name in row.attributions for row in rows)), None
        )
        return [
            Attributed(version, row.short_name, _holders(one.held_as), one.shared_files, one.other_holders)
            for row in rows
            if version is not None and (one := row.attributions.get(version))
        ]

    @property
    def knows_forks(self) -> bool:
        """True when a version says of a repository whether it is a fork."""
        return any(each.row.latest.is_fork is not None for each in self.rows)

    @property
    def own(self) -> list[Listed]:
        """Everything that is not known to be a fork."""
        return [each for each in self.rows if not each.row.latest.is_fork]

    @property
    def forks(self) -> list[Listed]:
        """What is known to be a fork."""
        return [each for each in self.rows if each.row.latest.is_fork]

    @property
    def deduplicated(self) -> list[tuple[str, list[str]]]:
        """For `exact` and `near`: the names of the versions that are, newest first."""
        found = [
            (
                kind.value,
                [each.version.name for each in self.answer.versions if each.version.deduplicated == kind],
            )
            for kind in (DatasetVersion.Deduplicated.EXACT, DatasetVersion.Deduplicated.NEAR)
        ]
        return [(kind, names) for kind, names in found if names]


def _holders(held_as: Collection[str]) -> str:
    """`The most starred holder and the most forked holder`."""
    words = [text for code, text in _HOLDERS.items() if code in held_as]
    most, last = words[:-1], words[-1:]
    sentence = " and ".join([", ".join(most), *last] if most else last)
    return sentence[:1].upper() + sentence[1:]

"""What an index answers. All immutable; `as_dict()` gives what `json.dumps` takes."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any, Literal

Reason = Literal["owner", "repository", "repository_id"]

LARGEST_ID = 2**63 - 1

FoundRow = tuple[str, int | None, int, int, bool, bool, bool]
"""What `find_rows` gives: name as in the dataset, repository id, files, bytes; found by owner, by name, by id."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the repositories of one owner; `bytes` is the length of the files after conversion to
    UTF-8.
    """

    repositories: int = 0
    files: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class LanguageShare:
    """Files and bytes in one language; `language` is None for the rest that is summed."""

    language: str | None
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class IndexedRepository:
    """One repository as the dataset holds it: one row for each (name as in the dataset, repository id).

    `parent` is the full name it was forked from. `held_as`, `shared_files` and `other_holders` are of v1, where
    a file stands under the repositories with the most stars, issues and forks: as which of these this one was
    named, how many of its files name another repository too, and how many others these name, summed.
    """

    repo_name: str
    owner_key: str
    repo_key: str
    repo_id: int | None
    files: int
    bytes: int
    languages: tuple[LanguageShare, ...] = ()
    licences: tuple[str, ...] = ()
    licence_types: tuple[str, ...] = ()
    stars: int | None = None
    is_fork: bool | None = None
    newest: dt.date | None = None
    parent: str | None = None
    held_as: tuple[str, ...] = ()
    shared_files: int | None = None
    other_holders: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the fields by name, `newest` as ISO text, lists for tuples."""
        fields = asdict(self)
        fields["languages"] = [asdict(share) for share in self.languages]
        fields["licences"] = list(self.licences)
        fields["licence_types"] = list(self.licence_types)
        fields["held_as"] = list(self.held_as)
        fields["newest"] = self.newest.isoformat() if self.newest else None
        return fields


@dataclass(frozen=True, slots=True)
class Match:
    """A repository that a scope covers, and all the reasons why."""

    repository: IndexedRepository
    by: frozenset[Reason]

    @property
    def owner_key(self) -> str:
        return self.repository.owner_key

"""What a writer must be told beside the rules."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

from bigcode_optout.names import match_key

from .errors import FactsRefused
from .text import is_plain_line

SharedContent = Literal["drop", "keep"]


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """The release that a list belongs to.

    `frozen_on` is a day, never a time. `shared_content`: what happens to a row of version 1 that carries
    several repositories when one of them is excluded: `drop` removes the row, `keep` empties the matching
    holder's columns. Raises FactsRefused.
    """

    release: str
    dataset: str
    previous_release: str | None
    frozen_on: date
    shared_content: SharedContent = "drop"

    def __post_init__(self) -> None:
        for label in ("release", "dataset", "previous_release"):
            text = getattr(self, label)
            if not is_plain_line(text) and not (label == "previous_release" and text is None):
                raise FactsRefused(f"{label} must be one line of printable ASCII, not {text!r}.")
        if isinstance(self.frozen_on, datetime) or not isinstance(self.frozen_on, date):
            raise FactsRefused(f"frozen_on must be a date without a time, not {self.frozen_on!r}.")
        if self.shared_content not in get_args(SharedContent):
            raise FactsRefused(f"shared_content is 'drop' or 'keep', not {self.shared_content!r}.")


@dataclass(frozen=True, slots=True)
class Spellings:
    """In which spellings the data may hold the names; only the legacy format needs it, since it matches by
    case.

    `owners`: folded login → logins. `repositories`: folded full name → full names. `repositories_of_owner`:
    folded login → full names of what the indexes located for that owner, also under another owner's name
    where the repository id told. Keys compare by `names.match_key`. Raises FactsRefused for a spelling
    under a foreign key: it would remove what nobody asked for.
    """

    owners: Mapping[str, Collection[str]] = field(default_factory=dict)
    repositories: Mapping[str, Collection[str]] = field(default_factory=dict)
    repositories_of_owner: Mapping[str, Collection[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table in (self.owners, self.repositories):
            for key, spellings in table.items():
                for spelling in spellings:
                    if match_key(spelling) != key:
                        raise FactsRefused(f"{spelling!r} is not a spelling of {key!r}.")
        for names in self.repositories_of_owner.values():
            for name in names:
                if name.count("/") != 1:
                    raise FactsRefused(f"{name!r} is not a repository's full name.")

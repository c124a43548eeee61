"""The two kinds of name. An instance is always valid: the constructors refuse what the patterns refuse."""

import re
from dataclasses import dataclass

from .folding import fold
from .patterns import OWNER_PATTERN, REPOSITORY_NAME_PATTERN
from .refusals import NameRefused, quoted

_OWNER = re.compile(OWNER_PATTERN)
_NAME = re.compile(REPOSITORY_NAME_PATTERN)
NOBODY = "ghost"


def _check_owner(login: str) -> None:
    if not _OWNER.fullmatch(login):
        raise NameRefused("not_a_name", f"{quoted(login)} is not a GitHub account name.")
    if fold(login) == NOBODY:
        raise NameRefused(
            "ghost", "“ghost” is GitHub’s stand-in for deleted accounts, so it is nobody’s name."
        )


@dataclass(frozen=True, slots=True)
class OwnerName:
    """A login of a user or organization, in the spelling it was given."""

    login: str

    def __post_init__(self) -> None:
        _check_owner(self.login)

    @property
    def key(self) -> str:
        """The folded login: what is compared."""
        return fold(self.login)

    @property
    def owner_key(self) -> str:
        """The same as `key`; both kinds of name have it."""
        return fold(self.login)

    @property
    def shown(self) -> str:
        return self.login


@dataclass(frozen=True, slots=True)
class RepositoryName:
    """A repository's `owner/name`, in the spelling it was given."""

    owner: str
    name: str

    def __post_init__(self) -> None:
        _check_owner(self.owner)
        if not _NAME.fullmatch(self.name):
            raise NameRefused("not_a_name", f"{quoted(self.name)} is not a GitHub repository name.")

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def key(self) -> str:
        """The folded full name: what is compared."""
        return fold(self.full_name)

    @property
    def owner_key(self) -> str:
        """The folded owner part."""
        return fold(self.owner)

    @property
    def shown(self) -> str:
        return self.full_name


def split_full_name(value: str) -> RepositoryName | None:
    """Read a dataset row's name: exactly `owner/name`, both valid, else None. Nothing is stripped or
    mended.
    """
    owner, slash, name = value.partition("/")
    if not slash:
        return None
    try:
        return RepositoryName(owner, name)
    except NameRefused:
        return None

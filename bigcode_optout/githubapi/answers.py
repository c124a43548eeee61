"""What GitHub says, as frozen values. `from_answer` takes a parsed JSON body and raises BadAnswer.

Field lists follow GitHub's OpenAPI description (https://github.com/github/rest-api-description); only
what the product needs is read, and what is read is checked. All times are aware and in UTC, all ids are
positive int64; ids of owners and of repositories are separate number spaces.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from bigcode_optout.githubapi import fields
from bigcode_optout.githubapi.errors import BadAnswer
from bigcode_optout.names import fold

OwnerKind = Literal["User", "Organization"]
_KINDS = ("User", "Organization")
_STATES = ("active", "pending")
_ROLES = ("admin", "member", "billing_manager")
_SCOPE = re.compile(r"[a-z][a-z0-9_:-]{0,63}")


@dataclass(frozen=True, slots=True)
class Account:
    """*public-user*: a user or an organisation by its number; the login is today's label."""

    id: int
    login: str
    kind: OwnerKind
    created_at: datetime

    @classmethod
    def from_answer(cls, body: object) -> "Account":
        user = fields.mapping(body, "account")
        return cls(
            id=fields.identifier(user, "id"),
            login=fields.login(user, "login"),
            kind=_owner_kind(user),
            created_at=fields.moment(user, "created_at"),
        )


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose token it is, and what the token was granted (also what was granted in earlier flows)."""

    account: Account
    granted_scopes: frozenset[str]

    @classmethod
    def from_answer(cls, body: object, scopes: str = "") -> "Viewer":
        """`scopes` is the header `x-oauth-scopes`: comma and blank between them."""
        account = Account.from_answer(body)
        if account.kind != "User":
            raise BadAnswer("type")
        names = (name.strip() for name in scopes.split(","))
        return cls(account, frozenset(name for name in names if _SCOPE.fullmatch(name)))


@dataclass(frozen=True, slots=True)
class Organisation:
    """*organization-full*; `description`, `blog` and `location` can be changed by its owners only."""

    id: int
    login: str
    description: str | None
    blog: str | None
    location: str | None
    created_at: datetime

    @classmethod
    def from_answer(cls, body: object) -> "Organisation":
        organisation = fields.mapping(body, "organisation")
        fields.choice(organisation, "type", ("Organization",))
        return cls(
            id=fields.identifier(organisation, "id"),
            login=fields.login(organisation, "login"),
            description=fields.text_or_none(organisation, "description"),
            blog=fields.text_or_none(organisation, "blog"),
            location=fields.text_or_none(organisation, "location"),
            created_at=fields.moment(organisation, "created_at"),
        )


@dataclass(frozen=True, slots=True)
class Membership:
    """*org-membership* of the token's user; `user_id` is that user where GitHub says so."""

    organisation_id: int
    organisation_login: str
    state: Literal["active", "pending"]
    role: Literal["admin", "member", "billing_manager"]
    user_id: int | None

    @property
    def is_owner(self) -> bool:
        """Whether this person owns the organisation; an invitation that is still open proves nothing."""
        return self.role == "admin" and self.state == "active"

    @classmethod
    def from_answer(cls, body: object) -> "Membership":
        membership = fields.mapping(body, "membership")
        organisation = fields.mapping(membership.get("organization"), "organization")
        user = membership.get("user")
        return cls(
            organisation_id=fields.identifier(organisation, "id"),
            organisation_login=fields.login(organisation, "login"),
            state=cast(Literal["active", "pending"], fields.choice(membership, "state", _STATES)),
            role=cast(
                Literal["admin", "member", "billing_manager"], fields.choice(membership, "role", _ROLES)
            ),
            user_id=None if user is None else fields.identifier(fields.mapping(user, "user"), "id"),
        )


@dataclass(frozen=True, slots=True)
class MemberCount:
    """How many members an organisation showed; `is_whole`: also those who hide that they belong to it."""

    count: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Repository:
    """*full-repository* or *minimal-repository*.

    `may_administer` is what the token's user may do, None where no person's token asked. `created_at` is
    None only where a list leaves it out. `parent_full_name` is None in lists, also for forks.
    `redirected`: the name asked for is a former one.
    """

    id: int
    full_name: str
    owner_id: int
    owner_login: str
    owner_kind: OwnerKind
    is_fork: bool
    parent_full_name: str | None
    is_private: bool
    created_at: datetime | None
    may_administer: bool | None = None
    redirected: bool = False

    @classmethod
    def from_answer(
        cls, body: object, *, asked_by_person: bool = False, redirected: bool = False
    ) -> "Repository":
        """`asked_by_person`: read `permissions`, which speak for whoever asked."""
        repository = fields.mapping(body, "repository")
        owner = fields.mapping(repository.get("owner"), "owner")
        full_name, owner_login = fields.full_name(repository, "full_name"), fields.login(owner, "login")
        if fold(full_name.partition("/")[0]) != fold(owner_login):
            raise BadAnswer("full_name")
        return cls(
            id=fields.identifier(repository, "id"),
            full_name=full_name,
            owner_id=fields.identifier(owner, "id"),
            owner_login=owner_login,
            owner_kind=_owner_kind(owner),
            is_fork=fields.flag(repository, "fork"),
            parent_full_name=_parent(repository),
            is_private=fields.flag(repository, "private"),
            created_at=fields.moment_or_none(repository, "created_at"),
            may_administer=_may_administer(repository) if asked_by_person else None,
            redirected=redirected,
        )


def _owner_kind(body: Mapping[str, object]) -> OwnerKind:
    return cast(OwnerKind, fields.choice(body, "type", _KINDS))


def _parent(repository: Mapping[str, object]) -> str | None:
    parent = repository.get("parent")
    return None if parent is None else fields.full_name(fields.mapping(parent, "parent"), "full_name")


def _may_administer(repository: Mapping[str, object]) -> bool | None:
    permissions = repository.get("permissions")
    return None if permissions is None else fields.flag(fields.mapping(permissions, "permissions"), "admin")

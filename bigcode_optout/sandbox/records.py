"""The rows of the stand-in's world: accounts, repositories, memberships, gists, personas."""

from dataclasses import dataclass, field
from typing import Literal

AccountType = Literal["User", "Organization"]
MembershipRole = Literal["admin", "member", "billing_manager"]
MembershipState = Literal["active", "pending"]
PermissionLevel = Literal["none", "pull", "triage", "push", "maintain", "admin"]


@dataclass
class Account:
    """A person or an organisation; ``created_at`` is ISO 8601 in UTC, as GitHub writes it.

    ``blocks_apps``: an organisation that lets no OAuth app read about it until an owner approves the app.
    ``other_member_count``: members who are nobody else here, and hide that they belong to it.
    """

    id: int
    login: str
    type: AccountType
    created_at: str
    name: str | None = None
    description: str | None = None
    blog: str = ""
    location: str | None = None
    former_logins: list[str] = field(default_factory=list)
    blocks_apps: bool = False
    other_member_count: int = 0


@dataclass
class Repository:
    """A repository; identified by ``id``, whose numbers have nothing to do with those of accounts."""

    id: int
    owner_id: int
    name: str
    created_at: str
    language: str | None = None
    licence: str | None = None
    parent_id: int | None = None
    private: bool = False
    archived: bool = False
    former_full_names: list[str] = field(default_factory=list)
    permissions: dict[int, PermissionLevel] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Membership:
    """Somebody's place in an organisation; only ``active`` ones count, ``pending`` is an open invitation.

    As on GitHub, who does not say otherwise is shown to members only.
    """

    role: MembershipRole
    state: MembershipState
    is_public: bool = False


@dataclass(frozen=True)
class Gist:
    """A gist with its files as text."""

    id: str
    owner_id: int
    files: dict[str, str]
    created_at: str
    public: bool = True


@dataclass(frozen=True)
class Persona:
    """Somebody a visitor can sign in as; follows the account through renames by its id."""

    account_id: int
    title: str
    sentence: str

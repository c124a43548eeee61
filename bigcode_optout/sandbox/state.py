"""What is true in the stand-in's world, and the questions one can ask of it."""

import string
import threading
import time
from collections.abc import Callable

from .grants import Grants
from .records import Account, Gist, Membership, PermissionLevel, Persona, Repository
from .tables import Table

PERMISSION_ORDER: tuple[PermissionLevel, ...] = ("none", "pull", "triage", "push", "maintain", "admin")

# Numbers of members who are nobody else here begin after this one.
OTHER_MEMBERS = 880_000_000
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def fold(name: str) -> str:
    """``name`` with A to Z in lower case and nothing else changed; GitHub compares names without case."""
    return name.translate(_LOWER)


class WorldState:
    """Tables in memory. ``lock`` is held by whoever reads several of them or changes one."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.accounts: Table[Account] = Table(login=lambda row: fold(row.login))
        self.repositories: Table[Repository] = Table(
            owner=lambda row: row.owner_id,
            place=lambda row: (row.owner_id, fold(row.name)),
            parent=lambda row: row.parent_id,
        )
        self.memberships: dict[tuple[int, int], Membership] = {}
        self.gists: dict[str, Gist] = {}
        self.redirects: dict[str, int] = {}
        self.personas: list[Persona] = []
        self.grants = Grants(clock=lambda: self.clock())

    def account(self, login: str) -> Account | None:
        """The account that holds ``login`` now, in any letter case; old logins lead nowhere."""
        return next(iter(self.accounts.by("login", fold(login))), None)

    def repository(self, full_name: str) -> Repository | None:
        """The repository that stands at ``owner/name`` now, in any letter case."""
        login, _, name = full_name.partition("/")
        owner = self.account(login)
        return next(iter(self.repositories.by("place", (owner.id, fold(name)))), None) if owner else None

    def moved_to(self, full_name: str) -> Repository | None:
        """Where a request for a former ``owner/name`` is redirected to; None if nowhere."""
        return self.repositories.get(self.redirects.get(fold(full_name), 0))

    def full_name(self, repository: Repository) -> str:
        """``owner/name`` in its canonical spelling."""
        return f"{self.accounts[repository.owner_id].login}/{repository.name}"

    def repositories_of(self, account_id: int) -> list[Repository]:
        """The repositories an account owns, by name."""
        return sorted(self.repositories.by("owner", account_id), key=lambda row: fold(row.name))

    def membership(self, organisation_id: int, account_id: int) -> Membership | None:
        """The place of an account in an organisation, pending ones included."""
        return self.memberships.get((organisation_id, account_id))

    def memberships_of(self, account_id: int) -> list[tuple[Account, Membership]]:
        """The organisations with an active membership of the account."""
        return [
            (self.accounts[organisation_id], membership)
            for (organisation_id, member_id), membership in sorted(self.memberships.items())
            if member_id == account_id and membership.state == "active"
        ]

    def members_of(self, organisation: Account, *, public_only: bool) -> list[Account]:
        """The active members by number, or those who show in public that they are."""
        members = [
            self.accounts[member_id]
            for (organisation_id, member_id), row in sorted(self.memberships.items())
            if organisation_id == organisation.id
            and row.state == "active"
            and (row.is_public or not public_only)
        ]
        if public_only:
            return members
        return members + [
            Account(OTHER_MEMBERS + number, f"{organisation.login}-{number}", "User", organisation.created_at)
            for number in range(1, organisation.other_member_count + 1)
        ]

    def permission(self, repository: Repository, account_id: int) -> PermissionLevel:
        """The most that ownership, membership, invitation or being anybody allows an account."""
        levels: list[PermissionLevel] = ["none" if repository.private else "pull"]
        levels.append(repository.permissions.get(account_id, "none"))
        membership = self.membership(repository.owner_id, account_id)
        if membership and membership.state == "active":
            levels.append("admin" if membership.role == "admin" else "pull")
        if repository.owner_id == account_id:
            levels.append("admin")
        return max(levels, key=PERMISSION_ORDER.index)

    def stars(self, repository: Repository) -> int:
        """An invented number of stars, always the same for a repository."""
        return repository.id % 37

    def forks(self, repository: Repository) -> int:
        """How many repositories here were forked from it."""
        return len(self.repositories.by("parent", repository.id))

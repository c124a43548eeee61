"""What is true in the stand-in's world, and the questions one can ask of it."""

import threading
import time
from collections.abc import Callable

from .grants import Grants
from .records import Account, Gist, Membership, PermissionLevel, Persona, Repository

PERMISSION_ORDER: tuple[PermissionLevel, ...] = ("none", "pull", "triage", "push", "maintain", "admin")


def fold(name: str) -> str:
    """``name`` with A to Z in lower case and nothing else changed; GitHub compares names without case."""
    return "".join(chr(ord(letter) + 32) if "A" <= letter <= "Z" else letter for letter in name)


class WorldState:
    """Tables in memory. ``lock`` is held by whoever reads several of them or changes one."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.accounts: dict[int, Account] = {}
        self.repositories: dict[int, Repository] = {}
        self.memberships: dict[tuple[int, int], Membership] = {}
        self.gists: dict[str, Gist] = {}
        self.redirects: dict[str, int] = {}
        self.personas: list[Persona] = []
        self.grants = Grants(clock=lambda: self.clock())

    def account(self, login: str) -> Account | None:
        """The account that holds ``login`` now, in any letter case; old logins lead nowhere."""
        key = fold(login)
        return next((account for account in self.accounts.values() if fold(account.login) == key), None)

    def repository(self, full_name: str) -> Repository | None:
        """The repository that stands at ``owner/name`` now, in any letter case."""
        key = fold(full_name)
        return next((row for row in self.repositories.values() if fold(self.full_name(row)) == key), None)

    def moved_to(self, full_name: str) -> Repository | None:
        """Where a request for a former ``owner/name`` is redirected to; None if nowhere."""
        return self.repositories.get(self.redirects.get(fold(full_name), 0))

    def full_name(self, repository: Repository) -> str:
        """``owner/name`` in its canonical spelling."""
        return f"{self.accounts[repository.owner_id].login}/{repository.name}"

    def repositories_of(self, account_id: int) -> list[Repository]:
        """The repositories an account owns, by name."""
        owned = [row for row in self.repositories.values() if row.owner_id == account_id]
        return sorted(owned, key=lambda row: fold(row.name))

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
        return sum(1 for row in self.repositories.values() if row.parent_id == repository.id)

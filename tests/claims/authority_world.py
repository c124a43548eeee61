"""Small worlds in which accounts come, change their names and go, and repositories change hands: the truth, day by day,
beside what GitHub still says of it today. Plain Python, so that thousands can be looked at."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

DAY_ZERO = dt.date(2020, 1, 1)
LOGINS = ("ash", "birch", "cedar", "dogwood")
NAMES = ("x", "y", "z", "w", "v")
# What happens: verb, and three numbers that pick who, what and where among those there are.
T = TypeVar("T")
Step = tuple[str, int, int, int]
VERBS = ("join", "create", "create", "create", "rename", "transfer", "delete_repository", "leave")


def date_of(day: int) -> dt.date:
    return DAY_ZERO + dt.timedelta(days=day)


def moment_of(day: int) -> dt.datetime:
    return dt.datetime.combine(date_of(day), dt.time(12), tzinfo=dt.UTC)


@dataclass
class Account:
    id: int
    made_on: int
    login: str
    left_on: int | None = None
    # Day from which, and the login.
    logins: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Repository:
    id: int
    made_on: int
    name: str
    deleted_on: int | None = None
    # Day from which, and the number of the owner.
    owners: list[tuple[int, int]] = field(default_factory=list)

    @property
    def owner_id(self) -> int:
        return self.owners[-1][1]


@dataclass(frozen=True)
class Said:
    """An answer about a repository; all None: GitHub knows none."""

    repository_id: int | None = None
    owner_id: int | None = None
    repository_created_at: dt.datetime | None = None


@dataclass(frozen=True)
class LoginSaid:
    account_id: int | None = None
    account_created_at: dt.datetime | None = None


@dataclass(frozen=True)
class Row:
    """A line of a version; `repository_id` is the truth, `number` what the version has of it."""

    full_name: str
    number: int | None
    repository_id: int

    @property
    def login(self) -> str:
        return self.full_name.partition("/")[0]


@dataclass(frozen=True)
class Version:
    """A crawl: `kind` is ids, names, or mixed (some rows lack their number)."""

    name: str
    day: int
    kind: str
    rows: tuple[Row, ...]


class World:
    """What happened, one step a day."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.today = 0
        self.accounts: list[Account] = []
        self.repositories: list[Repository] = []
        self.redirects: dict[str, int] = {}
        for login in LOGINS[:2]:
            self._join(login)
        for verb, who, what, where in steps:
            self.today += 1
            getattr(self, f"_{verb}_step")(who, what, where)

    # What happens -----------------------------------------------------------------------------------------------

    def _join(self, login: str) -> None:
        account = Account(len(self.accounts) + 1, self.today, login, logins=[(self.today, login)])
        self.accounts.append(account)

    def _join_step(self, who: int, what: int, where: int) -> None:
        free = self._free_logins()
        if free:
            self._join(free[where % len(free)])

    def _create_step(self, who: int, what: int, where: int) -> None:
        owner, name = self._pick(self.living, who), NAMES[what % len(NAMES)]
        if owner and self.at(f"{owner.login}/{name}") is None:
            number = 1000 + len(self.repositories)
            self.repositories.append(Repository(number, self.today, name, owners=[(self.today, owner.id)]))
            self.redirects.pop(f"{owner.login}/{name}", None)

    def _rename_step(self, who: int, what: int, where: int) -> None:
        owner, free = self._pick(self.living, who), self._free_logins()
        if owner and free:
            for each in self._of(owner.id):
                self.redirects[f"{owner.login}/{each.name}"] = each.id
            owner.login = free[where % len(free)]
            owner.logins.append((self.today, owner.login))
            for each in self._of(owner.id):
                self.redirects.pop(f"{owner.login}/{each.name}", None)

    def _transfer_step(self, who: int, what: int, where: int) -> None:
        repository, owner = self._pick(self._alive(), what), self._pick(self.living, where)
        if repository and owner and self.at(f"{owner.login}/{repository.name}") is None:
            self.redirects[self.full_name(repository)] = repository.id
            repository.owners.append((self.today, owner.id))
            self.redirects.pop(f"{owner.login}/{repository.name}", None)

    def _delete_repository_step(self, who: int, what: int, where: int) -> None:
        repository = self._pick(self._alive(), what)
        if repository:
            self._delete(repository)

    def _leave_step(self, who: int, what: int, where: int) -> None:
        account = self._pick(self.living, who)
        if account and len(self.living) > 1:
            for each in self._of(account.id):
                self._delete(each)
            account.left_on = self.today

    def _delete(self, repository: Repository) -> None:
        repository.deleted_on = self.today
        self.redirects = {name: number for name, number in self.redirects.items() if number != repository.id}

    # What GitHub says today -------------------------------------------------------------------------------------

    @property
    def living(self) -> list[Account]:
        return [account for account in self.accounts if account.left_on is None]

    def full_name(self, repository: Repository) -> str:
        return f"{self.account(repository.owner_id).login}/{repository.name}"

    def account(self, number: int) -> Account:
        return self.accounts[number - 1]

    def at(self, full_name: str) -> Repository | None:
        """The repository that has the name today, redirects aside."""
        return next((each for each in self._alive() if self.full_name(each) == full_name), None)

    def by_number(self, number: int) -> Said:
        return self._said(self.repository(number))

    def by_name(self, full_name: str) -> Said:
        found = self.at(full_name)
        if found is None and full_name in self.redirects:
            found = self.repository(self.redirects[full_name])
        return self._said(found) if found else Said()

    def by_login(self, login: str) -> LoginSaid:
        found = next((account for account in self.living if account.login == login), None)
        return LoginSaid(found.id, moment_of(found.made_on)) if found else LoginSaid()

    def numbers_of(self, account_id: int) -> set[int]:
        return {each.id for each in self._of(account_id)}

    def _said(self, repository: Repository) -> Said:
        if repository.deleted_on is not None:
            return Said()
        return Said(repository.id, repository.owner_id, moment_of(repository.made_on))

    # The truth of a day -----------------------------------------------------------------------------------------

    def repository(self, number: int) -> Repository:
        return self.repositories[number - 1000]

    def owner_on(self, number: int, day: int) -> int:
        """Whose the repository was at the end of that day."""
        return [owner for since, owner in self.repository(number).owners if since <= day][-1]

    def login_on(self, account: Account, day: int) -> str:
        return [login for since, login in account.logins if since <= day][-1]

    def held(self, account: Account, login: str, day: int) -> bool:
        """True when the account had the login at the end of that day."""
        return account.made_on <= day and self.login_on(account, day) == login

    def crawl(self, name: str, day: int, kind: str) -> Version:
        """What stood on GitHub at the end of that day."""
        return Version(name, day, kind, tuple(self._rows(day, kind)))

    def _rows(self, day: int, kind: str) -> Iterator[Row]:
        for each in self.repositories:
            if each.made_on <= day and (each.deleted_on is None or each.deleted_on > day):
                owner = self.account(self.owner_on(each.id, day))
                lacks = kind == "names" or (kind == "mixed" and each.id % 2 == 0)
                full_name = f"{self.login_on(owner, day)}/{each.name}"
                yield Row(full_name, None if lacks else each.id, each.id)

    # Picking ----------------------------------------------------------------------------------------------------

    def _free_logins(self) -> list[str]:
        taken = {account.login for account in self.living}
        return [login for login in LOGINS if login not in taken]

    def _alive(self) -> list[Repository]:
        return [each for each in self.repositories if each.deleted_on is None]

    def _of(self, account_id: int) -> list[Repository]:
        return [each for each in self._alive() if each.owner_id == account_id]

    @staticmethod
    def _pick(among: list[T], which: int) -> T | None:
        return among[which % len(among)] if among else None

"""From what GitHub said to facts that the rules understand: whose a row's repository is, who has its login today.

Pure: what was said comes as rows of the database or as plain values of a test.
"""

from datetime import date, datetime
from typing import Protocol

from bigcode_optout.claims.authority import Holder, Standing
from bigcode_optout.names import fold


class RepositorySaid(Protocol):
    """What GitHub said about a repository; `owner_id` is None when it knows none."""

    @property
    def repository_id(self) -> int | None: ...

    @property
    def owner_id(self) -> int | None: ...

    @property
    def repository_created_at(self) -> datetime | None: ...


class LoginSaid(Protocol):
    """Who has a login, as GitHub said; `account_id` is None when nobody has."""

    @property
    def account_id(self) -> int | None: ...

    @property
    def account_created_at(self) -> datetime | None: ...


def standing(
    said: RepositorySaid, *, subject_id: int | None, is_repository: bool, has_number: bool, data_date: date
) -> Standing:
    """Whose the repository of a row is. `is_repository`: the claim is about a repository, else about its owner.

    A repository that was made after the data is not the one of a row that has only the name.
    """
    if said.owner_id is None:
        return Standing.GONE
    is_same = said.repository_id if is_repository else said.owner_id
    if is_same != subject_id:
        return Standing.OTHERS
    made_at = said.repository_created_at
    is_younger = made_at is not None and made_at.date() > data_date
    return Standing.GONE if is_younger and not has_number else Standing.OURS


def login_holder(said: LoginSaid | None, *, owner_id: int | None, data_date: date) -> Holder:
    """Who has a login today, seen from the owner, for data of that day."""
    if said is None:
        return Holder.UNKNOWN
    if said.account_id is None:
        return Holder.NOBODY
    if said.account_id == owner_id:
        return Holder.SELF
    made_at = said.account_created_at
    return Holder.NOBODY if made_at is not None and made_at.date() > data_date else Holder.OTHER


def row_holder(
    full_name: str,
    said: RepositorySaid | None,
    login: LoginSaid | None,
    *,
    owner_id: int | None,
    owner_login: str,
    owner_created_at: datetime | None,
    data_date: date,
) -> Holder:
    """Who has the login that a row stands under. `owner_login` is the owner's today.

    OTHER also where the login is free but the repository is older than the owner's account: somebody else made it.
    """
    if fold(full_name.partition("/")[0]) == fold(owner_login):
        return Holder.SELF
    found = login_holder(login, owner_id=owner_id, data_date=data_date)
    made_at = said.repository_created_at if said else None
    is_older = made_at is not None and owner_created_at is not None and made_at < owner_created_at
    return Holder.OTHER if found is Holder.NOBODY and is_older else found

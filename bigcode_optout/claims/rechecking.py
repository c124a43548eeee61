"""Ask GitHub in public again about what was proven: whose a number is, and what it is called. No token is needed."""

from dataclasses import dataclass
from datetime import datetime

from bigcode_optout.accounts.github import client
from bigcode_optout.claims.models import KnownName, OwnerListing, RepositoryFact
from bigcode_optout.claims.naming import keep_name, leave_names
from bigcode_optout.claims.queries import repository_ids_of
from bigcode_optout.claims.services import keep_fact, read_owner
from bigcode_optout.githubapi import Deadline, NotFound, Repository, TooManyPages

# An account with ten thousand repositories has a hundred pages.
OWNER_SECONDS = 90.0


@dataclass(frozen=True)
class Found:
    """What GitHub said: the name of today and the number of the owner. Of an account that is its own number."""

    name: str
    owner_id: int
    repository_id: int | None = None


def ask_owner(owner_id: int, *, login: str, seen_at: datetime) -> Found | None:
    """Read an account or organisation by its number, with its public repositories. None: there is no such number.

    `login` and `seen_at` are what it was called and when that was last known. A list that does not end is left out; the
    login still counts. Network, so never inside a transaction. Raises `GitHubError`; nothing is kept then.
    """
    try:
        listing = read_owner(login, Deadline(OWNER_SECONDS), owner_id=owner_id)
        return Found(listing.login, owner_id)
    except TooManyPages:
        account = client().account_by_id(owner_id)
        keep_name(kind=KnownName.Of.OWNER, number=owner_id, name=account.login)
        OwnerListing.objects.filter(owner_id=owner_id).update(login=account.login)
        return Found(account.login, owner_id)
    except NotFound:
        leave_names(kind=KnownName.Of.OWNER, number=owner_id, name=login, seen_at=seen_at)
        return None


def ask_repository(*, number: int | None = None, full_name: str = "") -> Found | None:
    """Whose a repository is, by its number or by its name. None: GitHub shows no such repository.

    What was known of a repository that is not shown any more stays as it was: it may be hidden or gone, and neither
    changes anything. Network, so never inside a transaction. Raises `GitHubError`; nothing is kept then.
    """
    try:
        repository = _read(number, full_name)
    except NotFound:
        return None
    keep_fact(asked_for=full_name, repository=repository)
    if full_name:
        keep_fact(asked_for="", repository=repository)
    return Found(repository.full_name, repository.owner_id, repository.id)


def _read(number: int | None, full_name: str) -> Repository:
    if number is not None:
        return client().repository_by_id(number)
    return client().repository(full_name)


def unlisted(owner_id: int, *, since: datetime) -> set[int]:
    """Repositories that were once the owner's, and that GitHub has not named as such since then."""
    learned = RepositoryFact.objects.filter(owner_id=owner_id, full_name_key="", learned_at__gte=since)
    return repository_ids_of(owner_id) - set(learned.values_list("repository_id", flat=True))

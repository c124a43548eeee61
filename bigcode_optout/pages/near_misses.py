"""“Did you mean …?”: names that differ by one letter from a person's own, or from one in the dataset under that owner.

Asked, never guessed; and for the name of an account only against the person's own names, so that nobody can search
among the names of others.
"""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from bigcode_optout.accounts.models import User
from bigcode_optout.catalog.queries import look_up
from bigcode_optout.claims.models import ClaimKind
from bigcode_optout.claims.queries import claims_of
from bigcode_optout.core.errors import Unavailable
from bigcode_optout.names import OwnerName, RepositoryName, near_names, split_full_name


def meant_by(name: OwnerName | RepositoryName, user: User | AnonymousUser) -> list[str]:
    """Names that `name` may be a slip of; empty where it is one of them itself, or is near to none."""
    own = _own_names(user)
    if isinstance(name, OwnerName):
        return near_names(name.shown, (one for one in own if "/" not in one))
    return near_names(name.shown, [*own, *_beside(name, own)])


def meant_as_former(name: OwnerName, user: User, suggested: Iterable[str]) -> list[str]:
    """The same for a former login: against the person's own names and the former ones that the dataset suggests."""
    return near_names(name.shown, [*(one for one in _own_names(user) if "/" not in one), *suggested])


def question(names: Iterable[str]) -> str:
    """`Did you mean a/b or a/c?`"""
    return f"Did you mean {' or '.join(names)}?"


def _own_names(user: User | AnonymousUser) -> list[str]:
    """Logins of joined accounts, claimed organisations and repositories."""
    if not isinstance(user, User):
        return []
    claims = claims_of(user)
    return [claim.name for claim in claims if claim.kind != ClaimKind.STATED]


def _beside(name: RepositoryName, own: Iterable[str]) -> list[str]:
    """Repositories of the dataset under the same owner, and under those of the person's owners that are a slip away."""
    owners = [name.owner, *near_names(name.owner, (one for one in own if "/" not in one))]
    try:
        rows = [row for owner in owners for row in look_up(settings.DATASET, OwnerName(owner)).rows]
    except Unavailable:
        # A question that cannot be thought of is not asked; whoever needs an answer reads of the trouble there.
        return []
    return [row.full_name for row in rows if split_full_name(row.full_name)]

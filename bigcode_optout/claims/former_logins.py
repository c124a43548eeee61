"""Former logins: claim one, and learn from GitHub who has a login today."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bigcode_optout.accounts.github import client
from bigcode_optout.accounts.models import User
from bigcode_optout.claims.models import Claim, ClaimKind, LoginFact
from bigcode_optout.claims.queries import claim_of, claims_of, listing_of
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Refused
from bigcode_optout.githubapi import NotFound
from bigcode_optout.names import OwnerName, fold

# What is known of a login is read again before every judgement, so an old answer is of no use.
LOGIN_FACT_LIFE = timedelta(days=30)
_WITH_FORMER_LOGINS = (ClaimKind.ACCOUNT, ClaimKind.ORGANISATION)


def may_have_former_logins(claim: Claim) -> bool:
    """True for an account or an organisation whose number GitHub has named."""
    return claim.kind in _WITH_FORMER_LOGINS and claim.subject_id is not None


@transaction.atomic
def claim_former_login(*, by: User, claim_id: int, name: OwnerName) -> Claim:
    """The claim “the account or organisation of that claim had this login”, not proven yet. Idempotent.

    Raises `Missing` for somebody else's claim, `Refused` for a login that is the person's own today, or of a claim that
    is about no owner.
    """
    present = claim_of(by, claim_id)
    if not may_have_former_logins(present) or present.subject_id is None:
        raise Refused(
            "no_owner", f"GitHub has not told us yet which account {present.name} is. Ask it first."
        )
    if name.key in _logins_today(by):
        raise Refused(
            "own_login", f"{name.shown} is the name of your account today. It is in the list already."
        )
    claim, _ = Claim.objects.get_or_create(
        user=by,
        kind=ClaimKind.FORMER_LOGIN,
        subject_id=present.subject_id,
        name_key=name.key,
        defaults={"name": name.shown, "present": present},
    )
    return claim


def _logins_today(user: User) -> set[str]:
    owners = [claim for claim in claims_of(user) if may_have_former_logins(claim)]
    listings = [listing_of(claim.subject_id) for claim in owners if claim.subject_id]
    return {claim.name_key for claim in owners} | {fold(each.login) for each in listings if each}


def learn_login(login: str) -> LoginFact:
    """Ask GitHub who has the login today, and keep the answer with its time.

    Network, so never inside a transaction. Raises `GitHubError` when there was no answer; nothing is changed then.
    """
    try:
        account = client().account(login)
    except NotFound:
        values: dict[str, Any] = {"account_id": None, "account_created_at": None}
    else:
        values = {"account_id": account.id, "account_created_at": account.created_at}
    fact, _ = LoginFact.objects.update_or_create(
        login_key=fold(login), defaults={**values, "learned_at": clock.now()}
    )
    return fact


def login_facts(logins: Iterable[str], *, since: datetime) -> dict[str, LoginFact]:
    """What GitHub said since then about who has each login, by folded login."""
    found = LoginFact.objects.filter(login_key__in={fold(login) for login in logins}, learned_at__gte=since)
    return {fact.login_key: fact for fact in found}


def forget_login_facts() -> int:
    """Delete what was learned too long ago to be of use; return how many rows went."""
    count, _ = LoginFact.objects.filter(learned_at__lt=clock.now() - LOGIN_FACT_LIFE).delete()
    return count

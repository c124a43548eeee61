"""Make claims, record proofs, learn public facts."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from bigcode_optout.accounts.github import client
from bigcode_optout.accounts.models import GitHubIdentity, User
from bigcode_optout.claims import evidence_hooks
from bigcode_optout.claims.fact_keeping import keep_fact as keep_fact
from bigcode_optout.claims.fact_keeping import keep_facts
from bigcode_optout.claims.models import Claim, ClaimKind, KnownName, OwnerListing, Proof
from bigcode_optout.claims.naming import keep_name
from bigcode_optout.core import clock
from bigcode_optout.core.bell import ring
from bigcode_optout.githubapi import Account, Deadline, NotFound, Organisation, Repository
from bigcode_optout.names import OwnerName, RepositoryName, fold

PROOF_LIFE = timedelta(days=180)


@transaction.atomic
def claim_account(identity: GitHubIdentity) -> Claim:
    """The claim “this account is mine”, proven by the sign-in that just happened."""
    claim, _ = Claim.objects.update_or_create(
        user=identity.user,
        kind=ClaimKind.ACCOUNT,
        subject_id=identity.github_id,
        defaults={"name": identity.login, "name_key": fold(identity.login)},
    )
    _forget_listing_under_another_name(identity.github_id, identity.login)
    keep_name(kind=KnownName.Of.OWNER, number=identity.github_id, name=identity.login)
    record_proof(
        claim=claim,
        method=Proof.Method.SIGN_IN,
        outcome=Proof.Outcome.PROVEN,
        evidence={
            "github_id": identity.github_id,
            "login": identity.login,
            "created_at": identity.account_created_at.isoformat(),
        },
        sentence=f"You signed in to GitHub as {identity.login}.",
    )
    from bigcode_optout.claims import tasks

    ring(tasks.learn_repositories, claim.pk)
    return claim


@transaction.atomic
def make_claim(*, by: User, name: OwnerName | RepositoryName) -> Claim:
    """The claim “I may decide about this organisation or repository”, not proven yet. Idempotent."""
    kind = ClaimKind.ORGANISATION if isinstance(name, OwnerName) else ClaimKind.REPOSITORY
    known = (
        Claim.objects.filter(user=by, kind=kind, name_key=fold(name.shown))
        .order_by(F("subject_id").desc(nulls_last=True))
        .first()
    )
    if known:
        return known
    # Two presses at once: the second finds what the first has made.
    claim, _ = Claim.objects.get_or_create(
        user=by, kind=kind, name_key=name.key, subject_id=None, defaults={"name": name.shown}
    )
    return claim


@transaction.atomic
def record_proof(
    *, claim: Claim, method: Proof.Method, outcome: Proof.Outcome, evidence: dict[str, Any], sentence: str
) -> Proof:
    """Add what was checked. Earlier proofs stay as they are."""
    at = clock.now()
    proof = Proof.objects.create(
        claim=claim,
        method=method,
        outcome=outcome,
        evidence=evidence,
        sentence=sentence,
        checked_at=at,
        expires_at=at + PROOF_LIFE,
    )
    if outcome in (Proof.Outcome.PROVEN, Proof.Outcome.EVIDENCE):
        evidence_hooks.tell(claim, method)
    return proof


@transaction.atomic
def name_subject(*, claim: Claim, subject_id: int, name: str) -> Claim:
    """Give the claim the number that GitHub knows its subject by, and GitHub's spelling.

    Returns the claim to go on with: the person may have claimed the same subject under an earlier name, or the name may
    be another subject's by now. A number that a claim once has it keeps, since requests stand on it.
    """
    elder = (
        Claim.objects.filter(user=claim.user, kind=claim.kind, subject_id=subject_id)
        .exclude(pk=claim.pk)
        .first()
    )
    is_free = claim.subject_id in (None, subject_id)
    chosen = elder or (claim if is_free else Claim(user=claim.user, kind=claim.kind))
    chosen.subject_id, chosen.name = subject_id, name
    chosen.save()
    if chosen.kind == ClaimKind.ORGANISATION:
        _forget_listing_under_another_name(subject_id, name)
        keep_name(kind=KnownName.Of.OWNER, number=subject_id, name=name)
    if elder and not _is_used(claim):
        claim.delete()
    return chosen


def _is_used(claim: Claim) -> bool:
    """True when anything stands on the claim."""
    rows = (claim.proofs, claim.items, claim.challenges, claim.told)
    return any(manager.exists() for manager in rows)


def _forget_listing_under_another_name(owner_id: int, login: str) -> None:
    """GitHub has just named the owner otherwise than when its repositories were read: read them again."""
    OwnerListing.objects.filter(owner_id=owner_id).exclude(login=login).delete()


def read_owner(login: str, deadline: Deadline | None = None, *, owner_id: int | None = None) -> OwnerListing:
    """Ask GitHub for an owner and all public repositories of it, and keep what it says with its time.

    With `owner_id` the owner is asked for by number, whatever it is called now: a login may be somebody else's. With
    `deadline` all of it takes no longer; without, each page has the client's usual time. Network, so never inside a
    transaction. Raises `GitHubError`; nothing is kept then.
    """
    github = client()
    account = github.account_by_id(owner_id, deadline) if owner_id else github.account(login, deadline)
    repositories = list(github.owner_repositories(account.login, kind=account.kind, deadline=deadline))
    return _keep_listing(account, [one for one in repositories if one.owner_id == account.id])


@transaction.atomic
def _keep_listing(account: Account | Organisation, repositories: Collection[Repository]) -> OwnerListing:
    keep_facts(repositories)
    keep_name(kind=KnownName.Of.OWNER, number=account.id, name=account.login)
    listing = OwnerListing(
        owner_id=account.id,
        login=account.login,
        kind=getattr(account, "kind", "Organization"),
        created_at=account.created_at,
        read_at=clock.now(),
        repository_count=len(repositories),
    )
    said = ["login", "kind", "created_at", "read_at", "repository_count"]
    OwnerListing.objects.bulk_create(
        [listing], update_conflicts=True, unique_fields=["owner_id"], update_fields=said
    )
    return listing


def resolve(*, names: Iterable[str] = (), repository_ids: Iterable[int] = ()) -> None:
    """Ask GitHub whose each repository is, by name or number, and keep the answers one by one.

    Network, so never inside a transaction. Raises `GitHubError` at the first question that got no answer; what was
    answered before is kept, so a later call need not ask again.
    """
    github = client()
    for name in names:
        try:
            found = github.repository(name)
            keep_fact(asked_for=name, repository=found)
            keep_fact(asked_for="", repository=found)
        except NotFound:
            keep_fact(asked_for=name, repository=None)
    for number in repository_ids:
        try:
            keep_fact(asked_for="", repository=github.repository_by_id(number))
        except NotFound:
            keep_fact(asked_for="", repository=None, repository_id=number)

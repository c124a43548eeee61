"""Reads about claims, and about what GitHub said."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Q, QuerySet

from bigcode_optout.accounts.models import User
from bigcode_optout.claims.models import Claim, ClaimKind, OwnerListing, Proof, RepositoryFact
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Missing
from bigcode_optout.names import fold

# A listing or fact older than this is read again before anything is decided upon it.
FRESH = timedelta(hours=6)
# A role may be lost any day, so a rule relies on one that was stated so shortly before the request.
ROLE_FRESH = timedelta(days=1)
# Silence says nothing about a claim, and a file shows a say over one repository only.
_ANSWERS = (Proof.Outcome.PROVEN, Proof.Outcome.NOT_PROVEN)
_CHUNK = 500
T = TypeVar("T")


def claims_of(user: User) -> list[Claim]:
    """The person's claims with their proofs: accounts first, then organisations, then repositories."""
    order = {kind: place for place, kind in enumerate(ClaimKind.values)}
    return sorted(
        _usable(user).prefetch_related("proofs", "present__proofs"),
        key=lambda claim: (order[claim.kind], claim.name_key),
    )


def _usable(user: User) -> QuerySet[Claim]:
    """The person's claims without those of accounts that were taken away since."""
    joined = user.identities.order_by().values("github_id")
    of_accounts = Q(kind=ClaimKind.ACCOUNT) | Q(kind=ClaimKind.FORMER_LOGIN, present__kind=ClaimKind.ACCOUNT)
    claims = Claim.objects.filter(user=user, erased_at=None).select_related("present")
    return claims.filter(~of_accounts | Q(subject_id__in=joined))


def claim_of(user: User, claim_id: int) -> Claim:
    """The person's own claim. Raises `Missing`, also for somebody else's or an account that was taken away."""
    found = _usable(user).filter(pk=claim_id).first()
    if found is None:
        raise Missing("no_claim", "There is no such claim.")
    return found


def own_claims(user: User, claim_ids: Collection[int]) -> dict[int, Claim]:
    """Those of these claims that are the person's own, as `claim_of` says, by their number. Without their proofs."""
    return {claim.pk: claim for claim in _usable(user).filter(pk__in=claim_ids)}


def latest_proof(claim: Claim) -> Proof | None:
    """What was checked last and got an answer about the claim itself, or None."""
    return next((proof for proof in claim.proofs.all() if proof.outcome in _ANSWERS), None)


def shown_proof(claim: Claim) -> Proof | None:
    """What was checked last about the claim itself, also when GitHub gave no answer: what its person reads about it."""
    return next((proof for proof in claim.proofs.all() if proof.method != Proof.Method.REPOSITORIES), None)


def role_claim(claim: Claim) -> Claim:
    """The claim whose proofs show that the person may decide: of a former login that of the account today."""
    return claim.present or claim


def with_superseded(proofs: Iterable[Proof]) -> list[tuple[Proof, bool]]:
    """Each proof of a claim, newest first as given, and whether a later answer by the same method took its place."""
    answered: set[str] = set()
    found = []
    for proof in proofs:
        found.append((proof, proof.method in answered))
        if proof.outcome != Proof.Outcome.UNAVAILABLE:
            answered.add(proof.method)
    return found


def is_proven(claim: Claim) -> bool:
    """True when the last answer proved the person's say, and is not too old to count."""
    proof = latest_proof(role_claim(claim))
    return proof is not None and proof.outcome == Proof.Outcome.PROVEN and proof.expires_at > clock.now()


def is_role_recent(claim: Claim, *, at: datetime) -> bool:
    """True when the last answer came shortly before `at`; an account's sign-in counts as long as the claim does."""
    claim = role_claim(claim)
    proof = latest_proof(claim)
    return claim.kind == ClaimKind.ACCOUNT or (proof is not None and proof.checked_at >= at - ROLE_FRESH)


def listing_of(owner_id: int, *, fresh: bool = False) -> OwnerListing | None:
    """When the owner's repositories were read; with `fresh`, only if that was a short while ago."""
    found = OwnerListing.objects.filter(owner_id=owner_id)
    if fresh:
        found = found.filter(read_at__gte=clock.now() - FRESH)
    return found.first()


def is_account(login: str) -> bool:
    """True when GitHub said that the login was a person's account, when it was last read; often nobody asked."""
    return OwnerListing.objects.filter(login__iexact=login, kind="User").exists()


def listings_of(owner_ids: Collection[int]) -> Iterator[OwnerListing]:
    """When the repositories of each owner were read, for those that were."""
    for chunk in _chunks(list(owner_ids)):
        yield from OwnerListing.objects.filter(owner_id__in=chunk)


def repository_ids_of(owner_id: int) -> set[int]:
    """Numbers of the repositories that GitHub last said belong to this owner."""
    # By number only: what was learned under a name long ago may name an owner from before a transfer.
    facts = RepositoryFact.objects.filter(owner_id=owner_id, repository_id__isnull=False, full_name_key="")
    return {number for number in facts.values_list("repository_id", flat=True) if number is not None}


@dataclass
class OwnedFacts:
    """Of an owner, as GitHub last said: the numbers of its repositories, and whether each is a fork, by number and by
    folded name."""

    numbers: set[int] = field(default_factory=set)
    forks_by_number: dict[int, bool] = field(default_factory=dict)
    forks_by_name: dict[str, bool] = field(default_factory=dict)


def owned_facts(owner_ids: Collection[int]) -> dict[int, OwnedFacts]:
    """What is known of what belongs to each of the owners. One query for every 500 of them."""
    found = {owner_id: OwnedFacts() for owner_id in owner_ids}
    for chunk in _chunks(list(found)):
        facts = RepositoryFact.objects.filter(owner_id__in=chunk)
        for owner_id, key, number, is_fork in facts.values_list(
            "owner_id", "full_name_key", "repository_id", "is_fork"
        ):
            assert owner_id is not None
            _add(found[owner_id], key, number, is_fork)
    return found


def _add(owned: OwnedFacts, key: str, number: int | None, is_fork: bool | None) -> None:
    # What was learned under a name long ago may name an owner from before a transfer.
    if number is not None and not key:
        owned.numbers.add(number)
    if is_fork is None:
        return
    if number is not None:
        owned.forks_by_number[number] = is_fork
    if key:
        owned.forks_by_name[key] = is_fork


def facts_by_name(names: Collection[str], *, since: datetime) -> dict[str, RepositoryFact]:
    """What GitHub said since then, by folded name."""
    keys = [fold(name) for name in names]
    return {
        fact.full_name_key: fact
        for chunk in _chunks(keys)
        for fact in RepositoryFact.objects.filter(full_name_key__in=chunk, learned_at__gte=since)
    }


def facts_by_id(repository_ids: Collection[int], *, since: datetime) -> dict[int, RepositoryFact]:
    """What GitHub said since then, by repository number."""
    return {
        fact.repository_id: fact
        for chunk in _chunks(list(repository_ids))
        for fact in RepositoryFact.objects.filter(
            full_name_key="", repository_id__in=chunk, learned_at__gte=since
        )
        if fact.repository_id is not None
    }


def facts_of(
    repository_ids: Collection[int], full_name_keys: Collection[str], *, since: datetime
) -> tuple[dict[int, RepositoryFact], dict[str, RepositoryFact]]:
    """What GitHub said since then, by repository number and by folded full name. One query: for a page, not for all."""
    by_number = Q(full_name_key="", repository_id__in=repository_ids)
    found = RepositoryFact.objects.filter(
        by_number | Q(full_name_key__in=full_name_keys), learned_at__gte=since
    )
    facts = list(found)
    return (
        {
            fact.repository_id: fact
            for fact in facts
            if not fact.full_name_key and fact.repository_id is not None
        },
        {fact.full_name_key: fact for fact in facts if fact.full_name_key},
    )


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Few enough values at a time for one query's parameters."""
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))

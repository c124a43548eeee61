"""Which standing items GitHub's answers contradict, and whose roles were shown long ago."""

from collections.abc import Iterator

from bigcode_optout.claims.models import Claim, ClaimKind, Proof
from bigcode_optout.claims.queries import facts_by_name, latest_proof, role_claim
from bigcode_optout.core import clock
from bigcode_optout.names import fold, split_full_name
from bigcode_optout.releases.models import Preparation, Recheck
from bigcode_optout.releases.questions import proven_owner
from bigcode_optout.removals.doubting import Doubt
from bigcode_optout.removals.models import LocatedRepository, ScopeItem
from bigcode_optout.removals.queries import standing_items

# A sign-in is no role: whose an account is, its number says, and that is asked again each time.
_ROLES = (ClaimKind.ORGANISATION, ClaimKind.REPOSITORY)
_CHUNK = 500


def doubts_of(preparation: Preparation) -> dict[int, list[Doubt]]:
    """By request: repositories that belong to another owner than the one that was proven."""
    found: dict[int, list[Doubt]] = {}
    by_number: dict[int, int] = {}
    by_name: dict[str, int] = {}
    answered = preparation.rechecks.exclude(kind=Recheck.Kind.OWNER)
    for number, key, owner_id in answered.values_list("number", "name_key", "owner_id_now"):
        if owner_id is None:
            continue
        if number is None:
            by_name[key] = owner_id
        else:
            by_number[number] = owner_id
    for request_id, doubt in _of_repositories(preparation, by_number, by_name):
        found.setdefault(request_id, []).append(doubt)
    for request_id, doubt in _of_owners(preparation, by_number):
        found.setdefault(request_id, []).append(doubt)
    for request_id, doubt in _of_names(preparation, by_name):
        found.setdefault(request_id, []).append(doubt)
    return found


def _of_repositories(
    preparation: Preparation, by_number: dict[int, int], by_name: dict[str, int]
) -> Iterator[tuple[int, Doubt]]:
    items = standing_items(preparation.release.dataset_id).filter(kind=ScopeItem.Kind.REPOSITORY)
    for item in items.select_related("claim").prefetch_related("claim__proofs"):
        number = item.repository_id
        now = by_name.get(item.name_key) if number is None else by_number.get(number)
        if now is not None and proven_owner(item) not in (None, now):
            yield item.request_id, Doubt(item.pk, item.name, number, now)


def _of_owners(preparation: Preparation, by_number: dict[int, int]) -> Iterator[tuple[int, Doubt]]:
    """What was located as the owner's by its number: each repository for itself, under its newest name in the data."""
    owners = standing_items(preparation.release.dataset_id).filter(kind=ScopeItem.Kind.OWNER)
    numbers = sorted(by_number)
    for start in range(0, len(numbers), _CHUNK):
        rows = LocatedRepository.objects.filter(
            item__in=owners,
            item__owner_id__isnull=False,
            by_repository_id=True,
            repository_id__in=numbers[start : start + _CHUNK],
        ).order_by("run__version__data_date")
        newest = {
            (item_id, number): (request_id, owner_id, name)
            for item_id, number, request_id, owner_id, name in rows.values_list(
                "item_id", "repository_id", "item__request_id", "item__owner_id", "full_name"
            )
            if split_full_name(name)
        }
        for (item_id, number), (request_id, owner_id, name) in newest.items():
            if number is not None and by_number[number] != owner_id:
                yield request_id, Doubt(item_id, name, number, by_number[number])


def _of_names(preparation: Preparation, by_name: dict[str, int]) -> Iterator[tuple[int, Doubt]]:
    """What was located as an owner's by its name alone. A repository that was made after the data says nothing about
    whose the name was then."""
    owners = standing_items(preparation.release.dataset_id).filter(
        kind=ScopeItem.Kind.OWNER, owner_id__isnull=False
    )
    facts = facts_by_name(list(by_name), since=preparation.started_at)
    rows = LocatedRepository.objects.filter(item__in=owners, repository_id__isnull=True)
    told: set[tuple[int, str]] = set()
    for row in rows.select_related("item", "run__version").order_by("pk").iterator():
        key = fold(row.full_name)
        now, fact = by_name.get(key), facts.get(key)
        if now in (None, row.item.owner_id) or fact is None or (row.item_id, key) in told:
            continue
        made_at = fact.repository_created_at
        if made_at is None or made_at.date() <= row.run.version.data_date:
            assert now is not None
            told.add((row.item_id, key))
            yield row.item.request_id, Doubt(row.item_id, row.full_name, None, now)


def old_roles(dataset_id: int) -> list[tuple[Proof, ScopeItem]]:
    """Proofs of roles that are too old to count for a new request, each with the first item that stands on it."""
    items = (
        standing_items(dataset_id)
        .filter(claim__kind__in=(*_ROLES, ClaimKind.FORMER_LOGIN))
        .select_related("claim__present", "request")
        .prefetch_related("claim__proofs", "claim__present__proofs")
    )
    found: dict[int, tuple[Proof, ScopeItem]] = {}
    for item in items:
        proof = _old_proof(role_claim(item.claim))
        if proof is not None:
            found.setdefault(proof.pk, (proof, item))
    return list(found.values())


def _old_proof(claim: Claim) -> Proof | None:
    proof = latest_proof(claim) if claim.kind in _ROLES else None
    is_old = proof is not None and proof.outcome == Proof.Outcome.PROVEN and proof.expires_at < clock.now()
    return proof if is_old else None

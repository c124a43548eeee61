"""What was asked before by the same person: what an earlier request covers as a whole, and what only in part.

The person is one row here, with GitHub accounts by number. What was asked for without an account is nobody's duplicate,
and covers nothing: otherwise somebody else's unproven word could hold up, or give away, a proven request.
"""

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from bigcode_optout.claims.models import ClaimKind
from bigcode_optout.removals.lifecycle import OPEN, State
from bigcode_optout.removals.models import RemovalRequest, ScopeItem

_STANDS = (ScopeItem.ItemState.OPEN, ScopeItem.ItemState.ACCEPTED)


def elder_of(request: RemovalRequest) -> RemovalRequest | None:
    """The earliest request of the same person that still runs or stands and covers every part of this one, or None."""
    items = _items(request)
    if not items:
        return None
    return next((elder for elder in earlier(request) if _covers_all(_items(elder), items)), None)


def overlapping(request: RemovalRequest) -> list[RemovalRequest]:
    """Earlier requests of the same person that still run or stand and share some part with this one, oldest first."""
    items = _items(request)
    return [
        elder
        for elder in earlier(request)
        if any(_touch(one, item) for one in _items(elder) for item in items)
    ]


def earlier(request: RemovalRequest) -> QuerySet[RemovalRequest]:
    """The person's requests about the dataset that were sent before this one and are open or accepted, oldest first."""
    before = Q(submitted_at__lt=request.submitted_at) | Q(
        submitted_at=request.submitted_at, pk__lt=request.pk
    )
    return (
        RemovalRequest.objects.filter(before, requester=request.requester_id, dataset=request.dataset_id)
        .filter(state__in=[*OPEN, State.ACCEPTED])
        .exclude(pk=request.pk)
        .prefetch_related("items__claim")
        .order_by("submitted_at", "pk")
    )


def covers(elder: ScopeItem, item: ScopeItem) -> bool:
    """True when `elder` asks for all of `item`, of the same kinds and subject (by number), and is as far."""
    return (
        elder.state in _STANDS
        and elder.kinds == item.kinds
        and _same_subject(elder, item)
        and _touch(elder, item)
        # A repository that was made anew under its old name is another one.
        and (elder.kind == ScopeItem.Kind.OWNER or item.repository_id in (None, elder.repository_id))
        and not (elder.kind == ScopeItem.Kind.REPOSITORY and item.kind == ScopeItem.Kind.OWNER)
        and _is_as_far(elder, item)
    )


def _same_subject(one: ScopeItem, other: ScopeItem) -> bool:
    kind, number = one.claim.kind, one.claim.subject_id
    is_known = number is not None and kind != ClaimKind.STATED
    return is_known and (kind, number) == (other.claim.kind, other.claim.subject_id)


def _touch(one: ScopeItem, other: ScopeItem) -> bool:
    """True for the same owner or repository, and for an owner and a repository under its name."""
    if one.kind == other.kind:
        return one.name_key == other.name_key
    return one.name_key.partition("/")[0] == other.name_key.partition("/")[0]


def _is_as_far(elder: ScopeItem, item: ScopeItem) -> bool:
    """False where `item` would have to wait for more than it does by itself: for a proof, a person, or an owner."""
    if elder.state == ScopeItem.ItemState.ACCEPTED:
        return True
    if item.state == ScopeItem.ItemState.ACCEPTED:
        return False
    if item.proof_state != ScopeItem.ProofState.PROVEN:
        return True
    return elder.proof_state == ScopeItem.ProofState.PROVEN and _guards(elder) <= _guards(item)


def _guards(item: ScopeItem) -> set[str]:
    return set(item.assessment.get("guards", []))


def covers_all(elder: RemovalRequest, request: RemovalRequest) -> bool:
    """True when the earlier request asks for every part of the later one."""
    return _covers_all(_items(elder), _items(request))


def _covers_all(elders: Iterable[ScopeItem], items: Sequence[ScopeItem]) -> bool:
    known = list(elders)
    return all(any(covers(elder, item) for elder in known) for item in items)


def _items(request: RemovalRequest) -> list[ScopeItem]:
    """With their claims; what was read before is not read again."""
    if "items" in getattr(request, "_prefetched_objects_cache", {}):
        return list(request.items.all())
    return list(request.items.select_related("claim"))

"""The objection window over a large organisation: its known owners are told, and have seven days."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from bigcode_optout.accounts.models import User
from bigcode_optout.claims.authority import Guard
from bigcode_optout.claims.models import Claim
from bigcode_optout.claims.queries import is_proven, role_claim
from bigcode_optout.core import clock
from bigcode_optout.core.bell import ring
from bigcode_optout.removals import outbox, policies
from bigcode_optout.removals.events import locked, note
from bigcode_optout.removals.lifecycle import OPEN, Role
from bigcode_optout.removals.models import (
    ObjectionWindow,
    OutboxMessage,
    RemovalRequest,
    RequestState,
    ScopeItem,
)
from bigcode_optout.removals.owners import co_owners_of, items_over, open_objections

LENGTH = timedelta(days=7)
# Of a size that nobody could read a small one is not assumed.
_SIZE_GUARDS = {Guard.LARGE_ORGANISATION.value, Guard.MEMBERS_NOT_COUNTED.value}


@transaction.atomic
def open_where_needed(*, request_id: int) -> list[ObjectionWindow]:
    """Open a window for each large organisation of a request in review whose only open question is its size.

    None where no other owner is known here: silence of nobody says nothing. One window a request and organisation.
    """
    request = locked(request_id)
    if request.state != RequestState.IN_REVIEW:
        return []
    claims = {claim.pk: claim for item in _large_items(request) if (claim := role_claim(item.claim))}
    known = set(request.windows.values_list("claim_id", flat=True))
    return [
        _open(request, claim, owners)
        for claim in claims.values()
        if claim.pk not in known and claim.subject_id is not None and is_proven(claim)
        if (owners := co_owners_of(claim.subject_id, besides=request.requester))
    ]


def _large_items(request: RemovalRequest) -> list[ScopeItem]:
    items = request.items.filter(state=ScopeItem.ItemState.OPEN).select_related("claim__present")
    return [
        item
        for item in items.prefetch_related("claim__proofs", "claim__present__proofs")
        if _SIZE_GUARDS.intersection(item.assessment.get("guards", []))
    ]


def _open(request: RemovalRequest, claim: Claim, owners: list[User]) -> ObjectionWindow:
    now = clock.now()
    window = ObjectionWindow.objects.create(
        request=request,
        claim=claim,
        opened_at=now,
        ends_at=now + LENGTH,
        notified=[owner.pk for owner in owners],
    )
    mails = [mail for owner in owners if (mail := _tell(owner, window)) is not None]
    window.notices.set(mails)
    note(
        request,
        "open_window",
        role=Role.SYSTEM,
        data={
            "claim": claim.pk,
            "ends_at": window.ends_at.isoformat(),
            "owners": len(owners),
            "mails": len(mails),
        },
    )
    return window


def _tell(owner: User, window: ObjectionWindow) -> OutboxMessage | None:
    """A mail to the address that the owner gave in a request of their own, if any; it goes with that request."""
    own = RemovalRequest.objects.filter(requester=owner, submitted_at__isnull=False).exclude(email="")
    latest = own.order_by("-submitted_at").first()
    if latest is None:
        return None
    assert window.claim.subject_id is not None
    return outbox.write(
        latest,
        "co_owner_notice",
        organisation=window.claim.name,
        organisation_link=settings.SITE_URL + reverse("pages:organisation", args=[window.claim.subject_id]),
        asked_items=list(items_over(window.request, window.claim.subject_id)),
        asked_at=window.request.submitted_at,
        ends_at=window.ends_at,
    )


def due() -> list[int]:
    """Windows to close: their time is over, or their request does not wait any more."""
    over = Q(ends_at__lte=clock.now()) | ~Q(request__state__in=OPEN)
    return list(ObjectionWindow.objects.filter(over, closed_at=None).values_list("pk", flat=True)[:500])


@transaction.atomic
def close(*, window_id: int) -> ObjectionWindow:
    """Close a window that is due; closing it again changes nothing. Then the request is judged anew."""
    window = ObjectionWindow.objects.select_related("claim").get(pk=window_id)
    request = locked(window.request_id)
    window = ObjectionWindow.objects.select_for_update(of=("self",)).select_related("claim").get(pk=window_id)
    is_over = window.ends_at <= clock.now()
    if window.closed_at is not None or (request.state in OPEN and not is_over):
        return window
    _close(request, window, _outcome(request, window))
    if request.state == RequestState.IN_REVIEW:
        from bigcode_optout.removals import tasks

        ring(tasks.reassess, request.pk)
    return window


def _outcome(request: RemovalRequest, window: ObjectionWindow) -> ObjectionWindow.Outcome:
    if request.state not in OPEN:
        return ObjectionWindow.Outcome.NOT_NEEDED
    if window.claim.subject_id in open_objections(request).values_list("organisation_id", flat=True):
        return ObjectionWindow.Outcome.OBJECTED
    sent = window.notices.filter(sent_at__isnull=False).select_related("request__requester")
    # Who was told may have turned out to be the one who asks.
    is_told = any(mail.request and not policies.is_own(request, mail.request.requester) for mail in sent)
    return ObjectionWindow.Outcome.PASSED if is_told else ObjectionWindow.Outcome.NOBODY_TOLD


def close_by_objection(request: RemovalRequest, organisation_id: int) -> None:
    """An owner spoke: nothing is left to wait for. Part of the objection's transaction."""
    for window in request.windows.filter(claim__subject_id=organisation_id, closed_at=None):
        _close(request, window, ObjectionWindow.Outcome.OBJECTED)


def _close(request: RemovalRequest, window: ObjectionWindow, outcome: ObjectionWindow.Outcome) -> None:
    window.closed_at, window.outcome = clock.now(), outcome
    window.save(update_fields=["closed_at", "outcome"])
    data = {"claim": window.claim_id, "outcome": outcome.value}
    note(request, "close_window", role=Role.SYSTEM, data=data)

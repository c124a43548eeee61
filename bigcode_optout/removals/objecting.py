"""A co-owner's objection: it takes what a request asks of the organisation back to a reviewer, until the freeze."""

from django.db import transaction
from django.db.models import QuerySet

from bigcode_optout.accounts.models import User
from bigcode_optout.claims.queries import latest_proof
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Forbidden, Missing, Refused
from bigcode_optout.removals import outbox, policies, windows
from bigcode_optout.removals.due import due_from_now, end_of_day
from bigcode_optout.removals.events import locked, move, note
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import Objection, RemovalRequest, RequestState, ScopeItem
from bigcode_optout.removals.owners import items_over, owner_claim, was_heard

REASON_LENGTH = 4000


@transaction.atomic
def raise_objection(*, by: User, request_id: int, organisation_id: int, reason: str) -> Objection:
    """Object to what the request asks of the organisation. It is decided by a reviewer then, with both sides' evidence.

    Raises `Missing` for who is no proven owner (a stranger learns nothing), `Forbidden` for the requester, `Conflict`
    when all of it is frozen, twice, or when the request is closed.
    """
    claim = owner_claim(by, organisation_id)
    proof = latest_proof(claim) if claim else None
    if claim is None or proof is None:
        raise Missing("no_request", "There is no such request.")
    request = _request_over(request_id, organisation_id)
    if policies.is_own(request, by):
        raise Forbidden("own_request", "This is your own request. You can withdraw it.")
    _require_reason(reason)
    policies.require(request, "object", role=Role.CO_OWNER, by=by)
    items = items_over(request, organisation_id).filter(frozen_at=None)
    if not items.exists():
        raise Conflict("frozen", "The list for the next version is frozen with this on it.")
    if request.objections.filter(raised_by=by, organisation_id=organisation_id, taken_back_at=None).exists():
        raise Conflict("objected_already", "You have objected to this request already.")
    if was_heard(request, by, organisation_id):
        raise Conflict("heard_already", "You objected before, and a reviewer has decided about it since.")
    objection = Objection.objects.create(
        request=request,
        organisation_id=organisation_id,
        raised_by=by,
        proof=proof,
        reason=reason.strip(),
        raised_at=clock.now(),
    )
    _back_to_review(request, items_over(request, organisation_id).filter(frozen_at=None), by)
    windows.close_by_objection(request, organisation_id)
    outbox.write(request, "objected", organisation=claim.name)
    return objection


def _request_over(request_id: int, organisation_id: int) -> RemovalRequest:
    request = locked(request_id)
    if request.state == RequestState.DRAFT or not items_over(request, organisation_id).exists():
        raise Missing("no_request", "There is no such request.")
    return request


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("no_reason", "Write why you object.")
    if len(reason.strip()) > REASON_LENGTH:
        raise Refused("too_long", f"Up to {REASON_LENGTH:,} characters fit.")


def _back_to_review(request: RemovalRequest, items: QuerySet[ScopeItem], by: User) -> None:
    """Lift what was accepted of the organisation and not frozen; other parts of the request stand (decision 3).

    A request that is still being located goes on with that: it comes to review by itself, and no rule accepts it.
    """
    lifted = items.filter(state=ScopeItem.ItemState.ACCEPTED)
    data = {
        "items": list(items.values_list("pk", flat=True)),
        "lifted": list(lifted.values_list("pk", flat=True)),
    }
    if request.state == RequestState.SUBMITTED:
        note(request, "object", role=Role.CO_OWNER, by=by, data=data)
        return
    lifted.update(state=ScopeItem.ItemState.OPEN)
    if request.state == RequestState.ACCEPTED:
        request.decided_at = None
        request.due_at = due_from_now()
    elif request.clock_stopped_at and (due := request.due_if_answered_now):
        request.due_at = end_of_day(due)
    request.clock_stopped_at = None
    move(request, "object", role=Role.CO_OWNER, by=by, data=data)


@transaction.atomic
def take_back(*, by: User, objection_id: int) -> Objection:
    """The objector changes their mind. The request stays with the reviewer; that there was an objection stays recorded.

    Raises `Missing` for somebody else's, `Conflict` when it was taken back or the request is closed.
    """
    objection = Objection.objects.filter(pk=objection_id, raised_by=by).first()
    if objection is None:
        raise Missing("no_objection", "There is no such objection of yours.")
    request = locked(objection.request_id)
    objection = Objection.objects.select_for_update().get(pk=objection.pk)
    if objection.taken_back_at is not None:
        raise Conflict("taken_back", "You have taken this objection back already.")
    if request.state not in (RequestState.SUBMITTED, RequestState.IN_REVIEW, RequestState.NEEDS_INFORMATION):
        raise Conflict("request_closed", "The request was decided, or has ended.")
    objection.taken_back_at = clock.now()
    objection.save(update_fields=["taken_back_at"])
    note(request, "take_back_objection", role=Role.CO_OWNER, by=by, data={"objection": objection.pk})
    return objection

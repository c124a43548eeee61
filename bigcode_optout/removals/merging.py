"""The verbs of duplicates: merge a request into the earlier one that covers it, and bring it back."""

from django.db import transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.core.bell import ring
from bigcode_optout.core.errors import Refused
from bigcode_optout.removals import change_hooks, duplicates, outbox, owners, second_look
from bigcode_optout.removals.due import due_from_now
from bigcode_optout.removals.events import locked, locked_together, move, note
from bigcode_optout.removals.lifecycle import Role, State
from bigcode_optout.removals.models import LocateRun, RemovalRequest


def merge_duplicate(*, request_id: int) -> bool:
    """Merge a located request into the earlier one of the same person that covers all of it. True when it was.

    What is covered in part stays as it is, and reviewers read of it; so does what an owner objects to.
    """
    request = RemovalRequest.objects.get(pk=request_id)
    if request.state != State.SUBMITTED or owners.open_objections(request).exists():
        return False
    elder = duplicates.elder_of(request)
    if elder is None:
        return False
    try:
        merge(request_id=request_id, elder_id=elder.pk, by=None)
    except Refused:
        # The earlier request was withdrawn, or decided otherwise, between the look and the lock.
        return False
    return True


@transaction.atomic
def merge(*, request_id: int, elder_id: int, by: User | None) -> RemovalRequest:
    """Let the earlier request stand for both. By the system, or by a reviewer `by` who may decide it: here it ends.

    Raises `Refused` when the earlier one does not cover all of it any more, or is not accepted while this one was
    appealed; `Forbidden` for who may not take the second look; else what the lifecycle's table says.
    """
    held = locked_together((request_id, elder_id))
    request, elder = held[request_id], held[elder_id]
    found = duplicates.elder_of(request)
    if found is None or found.pk != elder.pk:
        raise Refused("not_covered_before", f"{elder.reference} does not cover all of {request.reference}.")
    if not may_end_in(request, elder):
        raise Refused("appealed", "This was appealed. It is decided for itself.")
    if by is not None:
        second_look.require_another(request, by=by)
    request.merged_into = elder
    request.lease_until = None
    role = Role.SYSTEM if by is None else Role.REVIEWER
    move(request, "merge", role=role, by=by, data={"into": elder.reference})
    RemovalRequest.objects.filter(merged_into=request).update(merged_into=elder)
    note(elder, "absorb", role=role, by=by, data={"merged": request.reference}, is_internal=True)
    outbox.write(request, "merged", elder=elder, is_address_kept=_keep_address(request, elder))
    return request


def may_end_in(request: RemovalRequest, elder: RemovalRequest) -> bool:
    """An appeal is answered by a second look or by a yes, never by a request that its first reviewer may still deny."""
    return not request.was_appealed or elder.state == State.ACCEPTED


def _keep_address(request: RemovalRequest, elder: RemovalRequest) -> bool:
    """An address that was given with the later request alone stands for both. True when it was so."""
    if elder.email or not request.email:
        return False
    elder.email = request.email
    elder.save(update_fields=["email"])
    return True


@transaction.atomic
def revive_absorbed(*, elder: RemovalRequest) -> None:
    """Bring back what was merged into a request that ends: it is searched and judged anew. The caller holds `elder`."""
    for request_id in elder.absorbed.order_by("pk").values_list("pk", flat=True):
        _revive(locked(request_id), elder)


@transaction.atomic
def revive_uncovered(*, elder: RemovalRequest) -> None:
    """The same for what the earlier request does not stand for any more, though it does not end."""
    for request_id in elder.absorbed.order_by("pk").values_list("pk", flat=True):
        request = locked(request_id)
        if not duplicates.covers_all(elder, request):
            _revive(request, elder)


def _revive(request: RemovalRequest, elder: RemovalRequest) -> None:
    request.merged_into = None
    request.due_at = due_from_now()
    request.next_attempt_at = clock.now()
    request.attempt_count = 0
    move(request, "revive", role=Role.SYSTEM, by=None, data={"ended": elder.reference})
    request.locate_runs.update(state=LocateRun.RunState.WAITING)
    change_hooks.tell(request.pk, "opened_again")
    outbox.write(request, "revived", elder=elder)
    from bigcode_optout.removals import tasks

    ring(tasks.process, request.pk)


@transaction.atomic
def note_overlap(*, request_id: int) -> None:
    """Tell reviewers which earlier requests of the same person share some part with this one."""
    request = locked(request_id)
    references = [elder.reference for elder in duplicates.overlapping(request)]
    if references:
        note(request, "asked_before", role=Role.SYSTEM, data={"references": references}, is_internal=True)

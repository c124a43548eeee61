"""What becomes of a request that was located: merged into an earlier one, accepted by a rule, or a reviewer's."""

from django.db import transaction

from bigcode_optout.removals import (
    acceptance,
    assessing,
    change_hooks,
    duplicates,
    former_names,
    merging,
    services,
    windows,
)
from bigcode_optout.removals.events import locked, locked_together
from bigcode_optout.removals.models import RemovalRequest, RequestState


@transaction.atomic
@change_hooks.gathered()
def triage(*, request_id: int) -> None:
    """Judge the request and let the policy or a person go on, in one step: nobody ever sees the half of it.

    Nothing is done to a request that its person has withdrawn meanwhile. Network is asked for nothing.
    """
    request, has_earlier = _held(request_id)
    if request.state != RequestState.SUBMITTED:
        return
    assessments = assessing.assess_items(request)
    if has_earlier and merging.merge_duplicate(request_id=request_id):
        return
    services.begin_review(request_id=request_id)
    if former_names.split_off(request_id=request_id):
        assessments = assessing.assess_items(request)
    if has_earlier:
        merging.note_overlap(request_id=request_id)
    rules = acceptance.allowed_by_rule(request, assessments)
    settled = services.accept_by_rule(request_id=request_id, rules=rules)
    if settled.state == RequestState.IN_REVIEW:
        windows.open_where_needed(request_id=request_id)


def _held(request_id: int) -> tuple[RemovalRequest, bool]:
    """The request, held with the person's earlier ones that may cover it, and whether there are any.

    Held in the one order of `merging`, so that two who hold them never wait for each other.
    """
    request = RemovalRequest.objects.get(pk=request_id)
    earlier = list(duplicates.earlier(request).values_list("pk", flat=True))
    if not earlier:
        return locked(request_id), False
    return locked_together([request_id, *earlier])[request_id], True

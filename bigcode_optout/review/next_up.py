"""The next request to look at: the most urgent one that waits for a decision and that no colleague has."""

from django.db.models import Q, QuerySet

from bigcode_optout.accounts.models import User
from bigcode_optout.accounts.policies import are_same_person
from bigcode_optout.removals import policies, second_look, two_people
from bigcode_optout.removals.models import RemovalRequest, RequestState
from bigcode_optout.review import locks

_AT_ONCE = 50


def take_next(
    requests: QuerySet[RemovalRequest], *, by: User, after: RemovalRequest | None = None
) -> RemovalRequest | None:
    """Open the first of `requests` that is in review, is nobody else's, and is not one's own; None when there is none.

    With `after`, what comes behind that one, and from the start when nothing does. Two who ask at once get two.
    """
    locks.let_go(by=by)
    waiting = (
        requests.filter(state=RequestState.IN_REVIEW)
        .filter(Q(assignee=None) | Q(assignee=by))
        .exclude(pk__in=locks.held_by_others(by).values("request"))
        .select_related("requester")
        .order_by("due_at", "pk")
    )
    if after is None or after.due_at is None:
        return _first(waiting, by)
    behind = Q(due_at__gt=after.due_at) | Q(due_at=after.due_at, pk__gt=after.pk)
    return _first(waiting.filter(behind), by) or _first(waiting.filter(~behind).exclude(pk=after.pk), by)


def _first(waiting: QuerySet[RemovalRequest], by: User) -> RemovalRequest | None:
    start = 0
    while found := list(waiting[start : start + _AT_ONCE]):
        proposals = two_people.waiting([request.pk for request in found])
        for request in found:
            proposal = proposals.get(request.pk)
            is_ours = proposal is None or not are_same_person(proposal.proposed_by, by)
            if is_ours and _may_decide(request, by) and not locks.take(request_id=request.pk, by=by):
                return request
        start += _AT_ONCE
    return None


def _may_decide(request: RemovalRequest, by: User) -> bool:
    """Nobody is led to what only others may decide: their own, what they took a side in, an appeal that is not for
    them."""
    if not policies.works_at_desk(request, by) or policies.has_taken_part(request, by):
        return False
    return second_look.refusal_of(request, by) is None

"""What becomes of requests when somebody leaves the desk, and what is noted when a requester's account is blocked."""

from django.db import transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.removals import policies
from bigcode_optout.removals.events import locked, note
from bigcode_optout.removals.lifecycle import OPEN, Role, State
from bigcode_optout.removals.models import RemovalRequest


@transaction.atomic
def hand_over_cases(*, by: User, of: User, to: User | None) -> int:
    """Take the open requests off somebody's desk, and put them on a colleague's, or on nobody's. Gives how many.

    What the colleague asked for, or spoke about as an owner, goes to nobody.
    """
    mine = RemovalRequest.objects.filter(assignee=of, state__in=OPEN).order_by("pk")
    numbers = list(mine.values_list("pk", flat=True))
    for number in numbers:
        request = locked(number)
        request.assignee = to if to and _may_take(request, to) else None
        request.save(update_fields=["assignee", "changed_at"])
        data = {"to": request.assignee_id, "left": of.pk}
        note(request, "assign", role=Role.REVIEWER, by=by, data=data, is_internal=True)
    return len(numbers)


def _may_take(request: RemovalRequest, colleague: User) -> bool:
    return policies.works_at_desk(request, colleague) and not policies.has_taken_part(request, colleague)


@transaction.atomic
def note_on_requests_of(requester: User, code: str, *, by: User, text: str) -> int:
    """An internal line in each open request of the person, whose draft is forgotten. Gives how many there were."""
    RemovalRequest.objects.filter(requester=requester, state=State.DRAFT).delete()
    theirs = RemovalRequest.objects.filter(requester=requester, state__in=OPEN).order_by("pk")
    numbers = list(theirs.values_list("pk", flat=True))
    for number in numbers:
        note(locked(number), code, role=Role.REVIEWER, by=by, text=text, is_internal=True)
    return len(numbers)

"""Decide what was seen: first a rehearsal that shows what the requester will read, then the real thing."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

from bigcode_optout.core.errors import Conflict
from bigcode_optout.removals.events import locked
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.review.words import event_title

Done = TypeVar("Done")


def require_seen(request: RemovalRequest, seen: int) -> None:
    """Raise `Conflict` with who did what, unless the request still has the `seen` events that it had when looked at."""
    newest = request.events.select_related("by").order_by("-number").first()
    if newest is None or newest.number == seen:
        return
    who = newest.by.username if newest.by_role == "reviewer" and newest.by else f"the {newest.by_role}"
    raise Conflict(
        "changed_meanwhile",
        f"This request changed while you were at it: “{event_title(newest.code)}” by {who} just now. "
        "Nothing of yours was sent. Look again.",
    )


@transaction.atomic
def carry_out(act: Callable[[], Done], *, request_id: int, seen: int) -> Done:
    """Do `act` to what was looked at. Raises as `require_seen` does, and whatever `act` raises."""
    require_seen(locked(request_id), seen)
    return act()

"""Who has which request open: a soft lock, so that two do not read the same one. It bars nobody from deciding."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.removals import policies
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.review.desk_models import OpenRequest

EXPIRES = timedelta(minutes=15)
# A note that is one's own or over is written anew, and any other one is left alone. PostgreSQL and SQLite both know it.
_TAKE = """
    INSERT INTO review_openrequest (request_id, user_id, opened_at, active_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (request_id) DO UPDATE SET
        user_id = excluded.user_id,
        opened_at = CASE WHEN review_openrequest.user_id = excluded.user_id
            THEN review_openrequest.opened_at ELSE excluded.opened_at END,
        active_at = excluded.active_at
    WHERE review_openrequest.user_id = excluded.user_id OR review_openrequest.active_at <= %s
"""


def held_by_others(by: User) -> QuerySet[OpenRequest]:
    """What colleagues have open: they were active on it in the last 15 minutes."""
    return OpenRequest.objects.filter(active_at__gt=clock.now() - EXPIRES).exclude(user=by)


def open_by_others(request_ids: Iterable[int], *, by: Any) -> dict[int, str]:
    """Which colleague has each of the requests open, by the request's number. One query."""
    held = held_by_others(by).filter(request__in=list(request_ids))
    return dict(held.values_list("request_id", "user__username"))


def take(*, request_id: int, by: User) -> str:
    """Note that this person has the request open: an empty text. Or the colleague who has, whose note stays.

    One statement, so of two who come at the same moment one has it; a second query only where somebody else does.
    """
    now = clock.now()
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [request_id, by.pk, adapt(now), adapt(now), adapt(now - EXPIRES)])
        if cursor.rowcount:
            return ""
    name = OpenRequest.objects.filter(request=request_id).values_list("user__username", flat=True).first()
    return "" if name in (None, by.username) else name


def look_at(request: RemovalRequest, *, by: User) -> str:
    """Note that somebody who could decide looks at the request; return the colleague who has it open, or an empty
    text. Who only reads leaves no note."""
    if policies.works_at_desk(request, by):
        return take(request_id=request.pk, by=by)
    return open_by_others([request.pk], by=by).get(request.pk, "")


def let_go(*, by: User) -> None:
    """The person leaves whatever they have open."""
    OpenRequest.objects.filter(user=by).delete()


def forget() -> None:
    """Delete notes that are over."""
    OpenRequest.objects.filter(active_at__lte=clock.now() - EXPIRES).delete()

"""Who has which request open: a soft lock, so that two do not read the same one. It bars nobody from deciding."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.removals import policies
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.review.desk_models import OpenRequest

EXPIRES = timedelta(minutes=15)


def held_by_others(by: User) -> QuerySet[OpenRequest]:
    """What colleagues have open: they were active on it in the last 15 minutes."""
    return OpenRequest.objects.filter(active_at__gt=clock.now() - EXPIRES).exclude(user=by)


def open_by_others(request_ids: Iterable[int], *, by: Any) -> dict[int, str]:
    """Which colleague has each of the requests open, by the request's number. One query."""
    held = held_by_others(by).filter(request__in=list(request_ids))
    return dict(held.values_list("request_id", "user__username"))


def take(*, request_id: int, by: User) -> str:
    """Note that this person has the request open: an empty text. Or the colleague who has, whose note stays.

    Up to three queries. Of two who come at the same moment one has it.
    """
    now = clock.now()
    notes = OpenRequest.objects.filter(request=request_id)
    held = notes.select_related("user").first()
    if held is not None and held.user_id != by.pk and held.active_at > now - EXPIRES:
        return held.user.username
    if held is not None:
        # As it was read: a colleague may take an old note over just now.
        same = notes.filter(user=held.user_id, active_at=held.active_at)
        opened_at = held.opened_at if held.user_id == by.pk else now
        if same.update(user=by, opened_at=opened_at, active_at=now):
            return ""
    else:
        mine = OpenRequest(request_id=request_id, user=by, opened_at=now, active_at=now)
        OpenRequest.objects.bulk_create([mine], ignore_conflicts=True)
    name = notes.values_list("user__username", flat=True).first() or ""
    return "" if name == by.username else name


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

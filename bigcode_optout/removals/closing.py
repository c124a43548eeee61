"""Retention: a person of whom no request is kept, and who has long not been here, is closed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from bigcode_optout.accounts.closing import forget_accounts, long_away, rows_of
from bigcode_optout.accounts.models import User
from bigcode_optout.claims.erasing import erase_people
from bigcode_optout.core import clock
from bigcode_optout.removals.models import Objection, OwnerConfirmation, RemovalRequest

_BATCH = 200


def due_people() -> list[int]:
    """People to be closed now, the first to come first, up to a batch."""
    found: list[int] = []
    for user in _without_requests(long_away(_before())).order_by("pk").iterator(chunk_size=_BATCH):
        if not _is_needed(rows_of(user)):
            found.append(user.pk)
        if len(found) == _BATCH:
            break
    return found


@transaction.atomic
def close_person(*, user_id: int) -> bool:
    """Forget the person's GitHub accounts and what was claimed; False when they came back or asked for something.

    Ids and times of what they did stay: histories name the row.
    """
    # Without the key, as whoever writes an event that names the person need not wait for us.
    held = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    user = long_away(_before()).filter(pk=user_id).first()
    if held is None or user is None:
        return False
    rows = rows_of(user)
    if _is_needed(rows):
        return False
    erase_people(rows)
    forget_accounts(user, rows)
    return True


def _without_requests(people: QuerySet[User]) -> QuerySet[User]:
    """Without those whose own row is needed: they are most of all, and this is asked every hour."""
    asked = RemovalRequest.objects.filter(requester=OuterRef("pk"), erasure=None)
    objected = Objection.objects.filter(raised_by=OuterRef("pk"), request__erasure=None)
    confirmed = OwnerConfirmation.objects.filter(confirmed_by=OuterRef("pk"), request__erasure=None)
    return people.exclude(Exists(asked)).exclude(Exists(objected)).exclude(Exists(confirmed))


def _before() -> datetime:
    return clock.now() - timedelta(days=settings.ENDED_REQUEST_DAYS)


def _is_needed(rows: Sequence[int]) -> bool:
    """True while a draft or request is kept that one of the rows made, or spoke about as an owner."""
    kept = RemovalRequest.objects.filter(erasure=None)
    return (
        kept.filter(requester__in=rows).exists()
        or Objection.objects.filter(raised_by__in=rows, request__in=kept).exists()
        or OwnerConfirmation.objects.filter(confirmed_by__in=rows, request__in=kept).exists()
    )

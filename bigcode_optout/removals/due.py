"""When a decision is due."""

from datetime import datetime, timedelta

from django.conf import settings

from bigcode_optout.core import clock


def end_of_day(moment: datetime) -> datetime:
    """23:59 UTC of that day: a due date is a day, not a minute."""
    return moment.replace(hour=23, minute=59, second=0, microsecond=0)


def due_from_now() -> datetime:
    """The due date of what comes to a decision today."""
    return end_of_day(clock.now() + timedelta(days=settings.DECISION_DAYS))

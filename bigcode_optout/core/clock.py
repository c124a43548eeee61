"""The one clock. Tests freeze it through the standard library's time."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """This moment, aware, in UTC."""
    return timezone.now()


def today() -> date:
    """The day in UTC."""
    return timezone.now().date()

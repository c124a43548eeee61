"""Background work: forget what has run out."""

from celery import shared_task
from django.core.management import call_command


@shared_task(name="accounts.forget_sessions")
def forget_sessions() -> None:
    """Delete the rows of sessions that have ended by time; a browser's cookie goes by itself, the row does not."""
    call_command("clearsessions")

"""Background work: forget what has run out."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.management import call_command

from bigcode_optout.accounts import github_rows
from bigcode_optout.core import clock


@shared_task(name="accounts.forget_sessions")
def forget_sessions() -> None:
    """Delete the rows of sessions that have ended by time; a browser's cookie goes by itself, the row does not."""
    call_command("clearsessions")


@shared_task(name="accounts.forget_answers")
def forget_answers() -> None:
    """Delete what was kept of GitHub's public answers when it is old or too much; Redis does so by itself."""
    before = clock.now() - timedelta(days=settings.GITHUB_ANSWER_DAYS)
    github_rows.forget_answers(before=before, most=settings.GITHUB_ANSWERS)

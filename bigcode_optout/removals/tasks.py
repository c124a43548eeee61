"""Background work: ids in, one service called. Every task may run twice or not at all; the sweeps make it enough."""

import logging
from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.db.models import Q

from bigcode_optout.core import clock
from bigcode_optout.githubapi import GitHubError, is_wait, next_try
from bigcode_optout.removals import (
    assessing,
    closing,
    erasing,
    locating,
    outbox,
    queries,
    reassessing,
    services,
    statements,
    triage,
    windows,
)
from bigcode_optout.removals.models import RemovalRequest, RequestState

logger = logging.getLogger(__name__)


@shared_task(name="removals.process")
def process(request_id: int) -> None:
    """Locate a received request, find out whose it is, and hand it to the policy or to a reviewer."""
    request = locating.take(request_id)
    if request is None:
        return
    if request.attempt_count > settings.LOCATE_ATTEMPTS:
        logger.error("request %s could not be located in %s tries", request_id, settings.LOCATE_ATTEMPTS)
        # The queue says what was not searched: items that nobody looked at must not look like checked ones.
        assessing.assess_items(request)
        services.begin_review(request_id=request_id)
        return
    try:
        locating.learn_owners(request)
        locating.search(request)
        locating.ask_whose(request)
    except GitHubError as error:
        if not _gives_up(request, error):
            until = next_try(error, now=clock.now(), tries=request.attempt_count)
            locating.put_back(request, until=until, counts=not is_wait(error))
            return
        logger.warning("request %s goes to review without GitHub's answer: %s", request_id, error.code)
        locating.search(request)
    triage.triage(request_id=request_id)


def _gives_up(request: RemovalRequest, error: GitHubError) -> bool:
    """After this long, or so many tries without an answer, a reviewer decides with what there is.

    Where GitHub or the shared budget asked to wait, the request stands in a queue: tries do not count, and it may last.
    """
    seconds = settings.GITHUB_QUEUE_SECONDS if is_wait(error) else settings.GITHUB_PATIENCE_SECONDS
    if clock.now() - queries.taken_up_at(request) > timedelta(seconds=seconds):
        return True
    return not is_wait(error) and request.attempt_count >= settings.LOCATE_ATTEMPTS


@shared_task(name="removals.sweep")
def sweep() -> None:
    """Find received requests that nobody works on: bells that were lost, workers that died, tries that are due."""
    for request_id in locating.waiting():
        process.apply_async(args=(request_id,), retry=False)


@shared_task(name="removals.send_mail")
def send_mail(message_id: int) -> None:
    """Send one mail of the outbox."""
    outbox.send(message_id)


@shared_task(name="removals.sweep_outbox")
def sweep_outbox() -> None:
    """Send what is still in the outbox."""
    for message_id in outbox.unsent():
        outbox.send(message_id)


@shared_task(name="removals.reassess")
def reassess(request_id: int) -> None:
    """Judge a request in review anew: there is more to know."""
    reassessing.reassess(request_id=request_id)


@shared_task(name="removals.watch_owners")
def watch_owners() -> None:
    """Close objection windows whose time is over, and judge anew what there is news about."""
    for window_id in windows.due():
        windows.close(window_id=window_id)
    for request_id in reassessing.waiting():
        reassessing.reassess(request_id=request_id)


@shared_task(name="removals.expire")
def expire() -> None:
    """Forget old drafts and what was never confirmed; remind of questions that wait, and end the unanswered ones."""
    statements.forget()
    now = clock.now()
    drafts = Q(state=RequestState.DRAFT, changed_at__lt=now - timedelta(days=settings.DRAFT_DAYS))
    RemovalRequest.objects.filter(drafts).delete()
    for request_id in _asked_before(now - timedelta(days=settings.ANSWER_DAYS)):
        services.expire(request_id=request_id)
    for request_id in _asked_before(now - timedelta(days=settings.ANSWER_DAYS - settings.REMINDER_DAYS)):
        services.remind(request_id=request_id)


@shared_task(name="removals.erase")
def erase() -> None:
    """Erase what was written in requests whose time is over, then who nothing is kept of; a batch at a time."""
    for request_id in erasing.due_addresses():
        erasing.erase_address(request_id=request_id)
    for request_id in erasing.due_requests():
        erasing.erase(request_id=request_id)
    for user_id in closing.due_people():
        closing.close_person(user_id=user_id)


def _asked_before(moment: datetime) -> list[int]:
    """Requests whose question has waited for the requester since then."""
    found = RemovalRequest.objects.filter(state=RequestState.NEEDS_INFORMATION, clock_stopped_at__lt=moment)
    return list(found.values_list("pk", flat=True))

"""Background work: ids in, one service called. Every task may run twice or not at all; the sweeps make it enough."""

import logging
from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from bigcode_optout.core import clock
from bigcode_optout.githubapi import GitHubError, RateLimited
from bigcode_optout.removals import acceptance, assessing, locating, outbox, services
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
        if not _gives_up(request):
            locating.put_back(request, until=_next_try(request, error))
            return
        logger.warning("request %s goes to review without GitHub's answer: %s", request_id, error.code)
        locating.search(request)
    assessments = assessing.assess_items(request)
    with transaction.atomic():
        services.begin_review(request_id=request_id)
        services.accept_by_rule(request_id=request_id, rules=acceptance.allowed_by_rule(request, assessments))


def _gives_up(request: RemovalRequest) -> bool:
    """After this long, or so many tries, a reviewer decides with what there is."""
    assert request.submitted_at is not None
    if request.attempt_count >= settings.LOCATE_ATTEMPTS:
        return True
    return clock.now() - request.submitted_at > timedelta(seconds=settings.GITHUB_PATIENCE_SECONDS)


def _next_try(request: RemovalRequest, error: GitHubError) -> datetime:
    """When GitHub says, else later and later: 10 s, 20 s, … up to 15 minutes."""
    if isinstance(error, RateLimited):
        return error.retry_at
    return clock.now() + timedelta(seconds=min(900, 10 * 2 ** min(request.attempt_count - 1, 10)))


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


@shared_task(name="removals.expire")
def expire() -> None:
    """Forget old drafts; remind of questions that wait, and end those that were never answered."""
    now = clock.now()
    drafts = Q(state=RequestState.DRAFT, changed_at__lt=now - timedelta(days=settings.DRAFT_DAYS))
    RemovalRequest.objects.filter(drafts).delete()
    for request_id in _asked_before(now - timedelta(days=settings.ANSWER_DAYS)):
        services.expire(request_id=request_id)
    for request_id in _asked_before(now - timedelta(days=settings.ANSWER_DAYS - settings.REMINDER_DAYS)):
        services.remind(request_id=request_id)


def _asked_before(moment: datetime) -> list[int]:
    """Requests whose question has waited for the requester since then."""
    found = RemovalRequest.objects.filter(state=RequestState.NEEDS_INFORMATION, clock_stopped_at__lt=moment)
    return list(found.values_list("pk", flat=True))

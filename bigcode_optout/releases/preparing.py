"""Prepare a release: ask GitHub again, in public, about everything that stands. Rows say how far it is; any worker can
go on where another stopped, and GitHub's limits put the work back instead of being waited for."""

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from bigcode_optout.accounts.models import User
from bigcode_optout.claims.models import KnownName, Proof
from bigcode_optout.claims.naming import keep_name
from bigcode_optout.claims.rechecking import Found
from bigcode_optout.core import clock
from bigcode_optout.core.bell import ring
from bigcode_optout.core.errors import Conflict, Forbidden
from bigcode_optout.githubapi import GitHubError, is_wait, next_try
from bigcode_optout.releases.contradictions import doubts_of, old_roles
from bigcode_optout.releases.models import Preparation, Recheck, Release, ReleaseState
from bigcode_optout.releases.questions import ask, follow_up, outcome_of, write_questions
from bigcode_optout.removals.confirming import invite_to_confirm
from bigcode_optout.removals.doubting import contradict

logger = logging.getLogger(__name__)
PERMISSION = "releases.freeze_release"
# After so many failures one after another GitHub is taken for silent, and left alone for a while.
_FAILURES_IN_A_ROW = 3


@transaction.atomic
def begin(*, release_id: int, by: User | None, with_bell: bool = True) -> Preparation:
    """Write down everything that is to be asked and ring for a worker. `by` is None for the command line.

    Raises `Forbidden`; `Conflict` when the release is not open or a preparation of it has not ended.
    """
    if by is not None and not by.has_perm(PERMISSION):
        raise Forbidden("no_permission", "You are not a release manager.")
    release = Release.objects.select_for_update(of=("self",)).select_related("dataset").get(pk=release_id)
    if release.state != ReleaseState.OPEN:
        raise Conflict("already_frozen", f"{release} was frozen before. A frozen release does not change.")
    if release.preparations.filter(finished_at=None).exists():
        raise Conflict("preparing", f"{release} is being prepared already.")
    now = clock.now()
    preparation = Preparation.objects.create(
        release=release, started_at=now, started_by=by, heard_at=now, next_attempt_at=now
    )
    preparation.unasked_count = write_questions(preparation)
    preparation.save(update_fields=["unasked_count"])
    if with_bell:
        from bigcode_optout.releases import tasks

        ring(tasks.prepare, preparation.pk)
    return preparation


def due() -> list[int]:
    """Preparations that have not ended, whose time has come, and that no living worker has."""
    now = clock.now()
    found = Preparation.objects.filter(finished_at=None, next_attempt_at__lte=now)
    return list(found.filter(_is_free(now)).values_list("pk", flat=True))


def _is_free(now: datetime) -> Q:
    return Q(lease_until__isnull=True) | Q(lease_until__lt=now)


def work(*, preparation_id: int) -> Preparation:
    """Ask until nothing is left, GitHub wants a pause, or PREPARE_RUN_SECONDS are over; then let go of it.

    Does nothing when it has ended, is not due, or another worker is at it.
    """
    mine = _take(preparation_id)
    if mine is None:
        return Preparation.objects.get(pk=preparation_id)
    try:
        _work(mine)
    except Conflict as error:
        logger.info("preparation %s goes on elsewhere: %s", preparation_id, error.code)
    return Preparation.objects.get(pk=preparation_id)


def _take(preparation_id: int) -> Preparation | None:
    now = clock.now()
    free = Preparation.objects.filter(pk=preparation_id, finished_at=None, next_attempt_at__lte=now)
    taken = free.filter(_is_free(now)).update(lease_until=_lease(now), number=F("number") + 1)
    if not taken:
        return None
    return Preparation.objects.select_related("release__dataset").get(pk=preparation_id)


def _lease(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.PREPARE_LEASE_SECONDS)


def _work(mine: Preparation) -> None:
    ends = time.monotonic() + settings.PREPARE_RUN_SECONDS
    failed: list[int] = []
    in_a_row = 0
    while True:
        waiting = mine.rechecks.filter(outcome=Recheck.Outcome.WAITING)
        row = waiting.exclude(pk__in=failed).order_by("try_count", "pk").first()
        if row is None and not failed:
            _finish(mine)
            return
        if row is None or in_a_row >= _FAILURES_IN_A_ROW:
            # What failed in this run has its next turn after a pause.
            break
        if time.monotonic() > ends:
            _put_back(mine, until=clock.now())
            return
        row.preparation = mine
        asked_at = clock.now()
        try:
            found = ask(row)
        except GitHubError as error:
            if is_wait(error):
                _put_back(mine, until=next_try(error, now=clock.now(), tries=1), problem=error.code)
                return
            _keep_failure(mine, row, error)
            failed.append(row.pk)
            in_a_row += 1
            continue
        _keep(mine, row, found, asked_at)
        in_a_row = 0
    _pause(mine)


@transaction.atomic
def _keep(mine: Preparation, row: Recheck, found: Found | None, asked_at: datetime) -> None:
    """Write the answer, and what it makes worth asking."""
    held = _still_mine(mine)
    row.outcome, row.answered_at = outcome_of(row, found), clock.now()
    if found is not None:
        row.name_now, row.owner_id_now = found.name, found.owner_id
    row.save(update_fields=["outcome", "answered_at", "name_now", "owner_id_now"])
    is_theirs = row.outcome in (Recheck.Outcome.SAME, Recheck.Outcome.RENAMED)
    if found is not None and row.kind == Recheck.Kind.REPOSITORY and is_theirs and row.number is not None:
        keep_name(kind=KnownName.Of.REPOSITORY, number=row.number, name=found.name)
    Recheck.objects.bulk_create(follow_up(row, since=asked_at), ignore_conflicts=True)
    held.heard_at, held.lease_until = clock.now(), _lease(clock.now())
    held.failure_count, held.problem = 0, ""
    held.save(update_fields=["heard_at", "lease_until", "failure_count", "problem"])


@transaction.atomic
def _keep_failure(mine: Preparation, row: Recheck, error: GitHubError) -> None:
    """Count the try. A question that GitHub never answers while it answers others is left as silent."""
    held = _still_mine(mine)
    row.try_count += 1
    if row.try_count >= settings.PREPARE_TRIES:
        row.outcome, row.answered_at = Recheck.Outcome.SILENT, clock.now()
    row.save(update_fields=["try_count", "outcome", "answered_at"])
    held.failure_count += 1
    held.problem, held.lease_until = error.code, _lease(clock.now())
    held.save(update_fields=["failure_count", "problem", "lease_until"])
    logger.info("a question of preparation %s was not answered: %s", mine.pk, error.code)


def _pause(mine: Preparation) -> None:
    """Try again later and later; after GITHUB_PATIENCE_SECONDS without any answer what is left counts as silent."""
    held = Preparation.objects.get(pk=mine.pk)
    now = clock.now()
    if now - held.heard_at > timedelta(seconds=settings.GITHUB_PATIENCE_SECONDS):
        waiting = mine.rechecks.filter(outcome=Recheck.Outcome.WAITING)
        waiting.update(outcome=Recheck.Outcome.SILENT, answered_at=now)
        _finish(mine)
        return
    seconds = min(10 * 2 ** min(held.failure_count // _FAILURES_IN_A_ROW, 7), 900)
    _put_back(mine, until=now + timedelta(seconds=seconds), problem=held.problem)


@transaction.atomic
def _put_back(mine: Preparation, *, until: datetime, problem: str = "") -> None:
    held = _still_mine(mine)
    held.lease_until, held.next_attempt_at, held.problem = None, until, problem
    held.save(update_fields=["lease_until", "next_attempt_at", "problem"])


def _finish(mine: Preparation) -> None:
    """Everything is answered: tell of contradictions and old roles, one mail a request. May run any number of times."""
    for request_id, doubts in sorted(doubts_of(mine).items()):
        contradict(request_id=request_id, doubts=doubts)
    by_request: dict[int, list[Proof]] = {}
    for proof, item in old_roles(mine.release.dataset_id):
        by_request.setdefault(item.request_id, []).append(proof)
    for request_id, proofs in sorted(by_request.items()):
        invite_to_confirm(request_id=request_id, proofs=proofs)
    with transaction.atomic():
        held = _still_mine(mine)
        held.lease_until, held.finished_at, held.problem = None, clock.now(), ""
        held.save(update_fields=["lease_until", "finished_at", "problem"])


def _still_mine(mine: Preparation) -> Preparation:
    """The row, locked. Raises `Conflict` when another worker took over because this one was silent."""
    held = Preparation.objects.select_for_update(of=("self",)).get(pk=mine.pk)
    if held.number != mine.number:
        raise Conflict("preparation_taken_over", "Another worker prepares the release by now.")
    return held

"""Carry out a bulk run, request by request, through the very verbs of one request. Any worker can go on where another
stopped: what was done is written in the same transaction as the doing."""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import Q

from bigcode_optout.core import clock
from bigcode_optout.core.bell import ring
from bigcode_optout.core.errors import DomainError, Refused
from bigcode_optout.removals import deciding, services
from bigcode_optout.removals.events import locked
from bigcode_optout.removals.models import Decision, RemovalRequest, ScopeItem
from bigcode_optout.removals.settling import ItemVerdict
from bigcode_optout.review.bulk_models import BulkRun, BulkStep
from bigcode_optout.review.bulk_rules import Weighing
from bigcode_optout.review.deciding import require_seen

logger = logging.getLogger(__name__)
RUN_SECONDS = 60
LEASE = timedelta(seconds=120)
KEEP_PLANS = timedelta(days=1)
_Outcome = BulkStep.Outcome
_State = BulkRun.RunState


def _accept(run: BulkRun, request: RemovalRequest) -> None:
    yes = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN, run.text)
    open_items = request.items.filter(state=ScopeItem.ItemState.OPEN).values_list("pk", flat=True)
    deciding.decide(by=run.started_by, request_id=request.pk, verdicts=dict.fromkeys(open_items, yes))


def _ask(run: BulkRun, request: RemovalRequest) -> None:
    services.ask(by=run.started_by, request_id=request.pk, question=run.text)


def _deny(run: BulkRun, request: RemovalRequest) -> None:
    reason = Decision.Reason(run.reason)
    deciding.deny(by=run.started_by, request_id=request.pk, reason=reason, sentence=run.text)


def _assign(run: BulkRun, request: RemovalRequest) -> None:
    services.assign(by=run.started_by, request_id=request.pk, to=run.assignee)


# By verb: what is done to one request, and what the admin's log says of it.
_ACTS: Mapping[str, tuple[Callable[[BulkRun, RemovalRequest], None], str]] = {
    BulkRun.Verb.ACCEPT: (_accept, "Decided."),
    BulkRun.Verb.ASK: (_ask, "Asked."),
    BulkRun.Verb.DENY: (_deny, "Denied."),
    BulkRun.Verb.ASSIGN: (_assign, "Assigned."),
}


def due() -> list[int]:
    """Runs that have begun, have not ended, and that no living worker has."""
    found = BulkRun.objects.filter(_is_free(clock.now()), state=_State.RUNNING)
    return list(found.order_by("started_at").values_list("pk", flat=True))


def forget_plans() -> None:
    """Delete plans that nobody carried out within a day."""
    BulkRun.objects.filter(state=_State.PLANNED, planned_at__lt=clock.now() - KEEP_PLANS).delete()


def work(*, run_id: int) -> BulkRun:
    """Do what waits, for RUN_SECONDS; then let go, and ring for the rest. Nothing where another worker is at it."""
    now = clock.now()
    free = BulkRun.objects.filter(_is_free(now), pk=run_id, state=_State.RUNNING)
    if free.update(lease_until=now + LEASE):
        ends = time.monotonic() + RUN_SECONDS
        waiting = BulkStep.objects.filter(run=run_id, outcome=_Outcome.WAITING).order_by("number")
        while (step := waiting.first()) is not None and time.monotonic() < ends:
            take(step_id=step.pk)
            BulkRun.objects.filter(pk=run_id).update(lease_until=clock.now() + LEASE)
        _let_go(run_id, is_done=step is None)
    return BulkRun.objects.get(pk=run_id)


def _let_go(run_id: int, *, is_done: bool) -> None:
    if is_done:
        BulkRun.objects.filter(pk=run_id).update(
            state=_State.FINISHED, finished_at=clock.now(), lease_until=None
        )
        return
    BulkRun.objects.filter(pk=run_id).update(lease_until=None)
    from bigcode_optout.review import tasks

    ring(tasks.work_bulk, run_id)


@transaction.atomic
def take(*, step_id: int) -> BulkStep:
    """Do the verb to one request, as the person who began the run, or write down why it was left out.

    A step that has an outcome keeps it: nothing is done twice.
    """
    steps = BulkStep.objects.select_for_update(of=("self",)).select_related(
        "run__started_by", "run__assignee"
    )
    step = steps.get(pk=step_id)
    if step.outcome != _Outcome.WAITING:
        return step
    try:
        with transaction.atomic():
            _do(step.run, step)
    except DomainError as error:
        step.outcome, step.sentence = _Outcome.LEFT_OUT, error.sentence[:600]
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        # One request that breaks must not stop the others; what broke stands in the log.
        logger.exception("bulk step %s failed", step.pk)
        step.outcome, step.sentence = _Outcome.FAILED, "Something broke on our side. Nothing was changed."
    else:
        step.outcome = _Outcome.DONE
    step.done_at = clock.now()
    step.save(update_fields=["outcome", "sentence", "done_at"])
    return step


def _do(run: BulkRun, step: BulkStep) -> None:
    request = locked(step.request_id)
    require_seen(request, step.seen)
    weighing = Weighing([request], verb=run.verb, by=run.started_by, to=run.assignee, reason=run.reason)
    why = weighing.why_left_out(request)
    if why:
        raise Refused("left_out", why)
    act, done = _ACTS[run.verb]
    act(run, request)
    LogEntry.objects.log_actions(
        run.started_by_id, [request], CHANGE, f"{done} Bulk run {run.pk}.", single_object=True
    )


def _is_free(now: datetime) -> Q:
    return Q(lease_until__isnull=True) | Q(lease_until__lt=now)

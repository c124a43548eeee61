"""One verb for many requests: planned and shown first, then carried out by a task (`bulk_work`)."""

from django.db import transaction
from django.db.models import Count, Max, QuerySet

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.core.bell import ring
from bigcode_optout.core.errors import Conflict, Forbidden, Missing, Refused
from bigcode_optout.removals.models import Decision, RemovalRequest, RequestEvent
from bigcode_optout.removals.policies import DECIDE
from bigcode_optout.review.bulk_models import BulkRun, BulkStep
from bigcode_optout.review.bulk_rules import Weighing

LIMIT = 5000
TEXT_LENGTH = {
    BulkRun.Verb.ASK: 2000,
    BulkRun.Verb.DENY: 600,
    BulkRun.Verb.ACCEPT: 600,
    BulkRun.Verb.ASSIGN: 0,
}
_Outcome = BulkStep.Outcome
_State = BulkRun.RunState


@transaction.atomic
def plan(*, by: User, verb: str, requests: QuerySet[RemovalRequest]) -> BulkRun:
    """Write down which requests of a list are meant, in its order, and which are left out. Nothing is done yet.

    Up to LIMIT; the run says how many more there were. Raises `Forbidden` for who is no reviewer, `Refused` when the
    list is empty.
    """
    if not by.has_perm(DECIDE):
        raise Forbidden("no_permission", "You are not a reviewer.")
    numbers = list(requests.values_list("pk", flat=True)[: LIMIT + 1])
    if not numbers:
        raise Refused("nothing_chosen", "Choose at least one request.")
    beyond = requests.count() - LIMIT if len(numbers) > LIMIT else 0
    to = by if verb == BulkRun.Verb.ASSIGN else None
    run = BulkRun.objects.create(
        verb=verb, started_by=by, assignee=to, beyond_count=beyond, planned_at=clock.now()
    )
    _weigh(run, numbers[:LIMIT])
    return run


@transaction.atomic
def word(*, by: User, run_id: int, text: str = "", reason: str = "", to: User | None = None) -> BulkRun:
    """Put the words, the reason or the assignee into the plan, and look at every request again: what is shown next is
    what counts. Raises `Refused` when something is missing, `Conflict` when the run has begun."""
    run = _planned(by, run_id)
    run.text, run.reason, run.assignee = text.strip(), reason, to
    if len(run.text) > TEXT_LENGTH[BulkRun.Verb(run.verb)]:
        raise Refused("too_long", f"Up to {TEXT_LENGTH[BulkRun.Verb(run.verb)]:,} characters fit.")
    if not is_worded(run):
        raise Refused("no_words", "Write what they will read first.")
    if to is not None and not to.has_perm(DECIDE):
        raise Refused("no_reviewer", f"{to.username} is not a reviewer.")
    run.save(update_fields=["text", "reason", "assignee"])
    numbers = list(run.steps.values_list("request_id", flat=True))
    run.steps.all().delete()
    _weigh(run, numbers)
    return run


def is_worded(run: BulkRun) -> bool:
    """True when the run says all that its requesters have to read."""
    if run.verb == BulkRun.Verb.ASK:
        return bool(run.text)
    if run.verb == BulkRun.Verb.DENY:
        return bool(run.text) if run.reason in ("", Decision.Reason.OTHER) else True
    return True


@transaction.atomic
def begin(*, by: User, run_id: int) -> BulkRun:
    """Carry out what was shown, in the background. Raises `Conflict` when it has begun, `Refused` when nothing is left
    to do or words are missing."""
    run = _planned(by, run_id)
    if not is_worded(run) or (run.verb == BulkRun.Verb.DENY and not run.reason):
        raise Refused("no_words", "Write what they will read first.")
    if not run.steps.filter(outcome=_Outcome.WAITING).exists():
        raise Refused("nothing_to_do", "Every request of this list is left out.")
    run.state, run.started_at = _State.RUNNING, clock.now()
    run.save(update_fields=["state", "started_at"])
    from bigcode_optout.review import tasks

    ring(tasks.work_bulk, run.pk)
    return run


@transaction.atomic
def discard(*, by: User, run_id: int) -> None:
    """Forget a plan. Raises as `begin` does."""
    _planned(by, run_id).delete()


def run_for(user: User, run_id: int) -> BulkRun:
    """A run as `user` may see it: a plan is its maker's own, what was carried out is the desk's. Raises `Missing`."""
    found = BulkRun.objects.filter(pk=run_id).select_related("started_by", "assignee").first()
    if found is None or (found.state == _State.PLANNED and found.started_by_id != user.pk):
        raise Missing("no_run", "There is no such list.")
    return found


def counts_of(run: BulkRun) -> dict[str, int]:
    """How many requests have each outcome, and `all` of them. One query."""
    found = dict(run.steps.order_by().values_list("outcome").annotate(number_of=Count("pk")))
    return {
        **{outcome.value: found.get(outcome.value, 0) for outcome in _Outcome},
        "all": sum(found.values()),
    }


def _planned(by: User, run_id: int) -> BulkRun:
    run = BulkRun.objects.select_for_update().filter(pk=run_id, started_by=by).first()
    if run is None:
        raise Missing("no_run", "There is no such list of yours.")
    if run.state != _State.PLANNED:
        raise Conflict("begun", "This was begun before.")
    return run


def _weigh(run: BulkRun, numbers: list[int]) -> None:
    """Write the steps: what waits to be done, and what is left out and why."""
    found = RemovalRequest.objects.defer("message", "canonical_text").select_related(
        "requester__same_person_as"
    )
    requests = found.in_bulk(numbers)
    shown = [requests[number] for number in numbers if number in requests]
    weighing = Weighing(shown, verb=run.verb, by=run.started_by, to=run.assignee, reason=run.reason)
    events = RequestEvent.objects.filter(request__in=numbers).order_by().values_list("request_id")
    seen = dict(events.annotate(newest=Max("number")))
    steps = []
    for number, request in enumerate(shown, start=1):
        why = weighing.why_left_out(request)
        outcome = _Outcome.LEFT_OUT if why else _Outcome.WAITING
        steps.append(
            BulkStep(
                run=run,
                request=request,
                number=number,
                seen=seen.get(request.pk, 0),
                outcome=outcome,
                sentence=why[:600],
            )
        )
    BulkStep.objects.bulk_create(steps, batch_size=1000)

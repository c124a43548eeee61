"""What the page of a bulk run shows: what requesters will read, what is done to which request, what is left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min

from bigcode_optout.removals.models import Decision, RemovalRequest, ScopeItem
from bigcode_optout.removals.wording import Wordings
from bigcode_optout.review.bulk import counts_of, is_worded
from bigcode_optout.review.bulk_models import BulkRun, BulkStep
from bigcode_optout.review.evidence import name_of
from bigcode_optout.review.queue import Line, lines
from bigcode_optout.review.usual_words import language_name

PAGE_SIZE = 100
UNREAD = ("message", "canonical_text", "canonical_sha256")
_Outcome = BulkStep.Outcome
_Verb = BulkRun.Verb
# By verb: what will be done, what was done, and the button, with the number of requests in the place of {}.
_WORDS = {
    _Verb.ACCEPT: ("Will be accepted", "Accepted", "Accept {} and tell their requesters"),
    _Verb.ASK: ("Will be asked", "Asked", "Ask about {}"),
    _Verb.DENY: ("Will be denied", "Denied", "Deny {} and tell their requesters"),
    _Verb.ASSIGN: ("Will be assigned", "Assigned", "Assign {}"),
}


@dataclass(frozen=True)
class Reading:
    """A sentence that goes out to `request_count` requesters. `example` is what the first of them reads; others read
    their own names in it when it `is_filled_in`."""

    language: str
    request_count: int
    example: str
    is_filled_in: bool = False


@dataclass(frozen=True)
class StepLine:
    """One request of the run, with its line of the queue."""

    step: BulkStep
    line: Line
    requester: str


@dataclass(frozen=True)
class RunPage:
    """A run with one page of its requests. `counts`: by outcome, and `all`."""

    run: BulkRun
    counts: dict[str, int]
    page: Page
    lines: Sequence[StepLine]
    readings: Sequence[Reading]
    shown: str

    @property
    def is_planned(self) -> bool:
        """True until it is begun."""
        return self.run.state == BulkRun.RunState.PLANNED

    @property
    def is_live(self) -> bool:
        """True while it goes on."""
        return self.run.state == BulkRun.RunState.RUNNING

    @property
    def is_ready(self) -> bool:
        """True when it can be begun: words are there, and something is left to do."""
        return (
            self.is_planned and is_worded(self.run) and bool(self.readings or self.run.verb == _Verb.ASSIGN)
        )

    @property
    def left_count(self) -> int:
        """What is not left to do any more."""
        return self.counts["all"] - self.counts[_Outcome.WAITING]

    @property
    def button(self) -> str:
        """What the button says."""
        number = self.counts[_Outcome.WAITING]
        return _WORDS[_Verb(self.run.verb)][2].format("1 request" if number == 1 else f"{number:,} requests")

    @property
    def outcome_words(self) -> dict[str, str]:
        """Outcomes in words."""
        before, after, _ = _WORDS[_Verb(self.run.verb)]
        return {
            _Outcome.WAITING: before,
            _Outcome.DONE: after,
            _Outcome.LEFT_OUT: "Left out",
            _Outcome.FAILED: "Failed",
        }


def run_page(run: BulkRun, *, number: str = "1", shown: str = "") -> RunPage:
    """The run, with the requests of one outcome, or of all. A fixed number of queries."""
    counts = counts_of(run)
    steps = (
        run.steps.select_related("request").defer(*(f"request__{name}" for name in UNREAD)).order_by("number")
    )
    chosen = shown if shown in _Outcome.values else ""
    pages = Paginator(steps.filter(outcome=chosen) if chosen else steps, PAGE_SIZE)
    page = pages.get_page(number)
    return RunPage(run, counts, page, _lines(list(page.object_list)), _readings(run), chosen)


def _lines(steps: Sequence[BulkStep]) -> list[StepLine]:
    requests = (
        RemovalRequest.objects.defer(*UNREAD)
        .select_related("requester", "queue_line")
        .prefetch_related("requester__identities")
        .in_bulk([step.request_id for step in steps])
    )
    said = lines(list(requests.values()))
    return [
        StepLine(step, said[step.request_id], name_of(requests[step.request_id].requester)) for step in steps
    ]


def _readings(run: BulkRun) -> list[Reading]:
    """What goes out, a line for each language, with what the first requester reads."""
    if run.verb == _Verb.ASSIGN or not is_worded(run) or (run.verb == _Verb.DENY and not run.reason):
        return []
    waiting = run.steps.filter(outcome=_Outcome.WAITING).order_by()
    if run.text:
        number = waiting.count()
        return [Reading("", number, run.text)] if number else []
    groups = waiting.values("request__language").annotate(number_of=Count("pk"), first=Min("number"))
    verdict = Decision.Verdict.ACCEPT if run.verb == _Verb.ACCEPT else Decision.Verdict.DECLINE
    reason = Decision.Reason.CONTROL_SHOWN if run.verb == _Verb.ACCEPT else run.reason
    wordings = Wordings()
    found = []
    for group in groups.order_by("-number_of"):
        step = run.steps.filter(number=group["first"])
        items = ScopeItem.objects.filter(request__in=step.values("request"), state=ScopeItem.ItemState.OPEN)
        item = items.select_related("request__dataset").first()
        if item is not None:
            words = wordings.worded(item, verdict, reason)
            text = wordings.best(verdict, reason, words.language)
            name = language_name(words.language)
            is_filled_in = text is not None and text.sentence != words.sentence
            found.append(Reading(name, group["number_of"], words.sentence, is_filled_in))
    return found

"""Read every history again and say where it is not as it was written."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import groupby, islice

from django.db import transaction

from bigcode_optout.core.errors import Missing
from bigcode_optout.removals.audit_chain import Chain
from bigcode_optout.removals.audit_standing import StandingRows
from bigcode_optout.removals.events import locked
from bigcode_optout.removals.models import EventHead, RemovalRequest, RequestEvent

# Rows in memory at a time, whatever the number of requests.
_CHUNK = 2000
_BATCH = 500


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written: in which request, at which event (0: the whole), what, in a sentence."""

    request: str
    number: int
    code: str
    sentence: str


@dataclass
class Report:
    """What was read, and what is wrong with it."""

    requests: int = 0
    events: int = 0
    erased_texts: int = 0
    findings: list[Finding] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """For scripts."""
        return asdict(self)


def verify(known_heads: dict[int, tuple[int, str]] | None = None) -> Report:
    """Verify every request in one pass over the rows in order.

    What looks wrong is looked at again under the request's lock: somebody may have written while we read.
    `known_heads`: request id to number and hash of an event that was there once, as `heads` gave them; histories may
    have grown since, and must still lead through it.
    """
    report, known = Report(), known_heads or {}
    suspicious = list(_faults(report, known))
    gone = sorted(known.keys() - set(RemovalRequest.objects.values_list("pk", flat=True))) if known else []
    for request_id in dict.fromkeys((*suspicious, *_without_head(), *gone)):
        report.findings += _verify_one(request_id, known.get(request_id))
    return report


def heads() -> Iterator[tuple[int, int, str]]:
    """Request id, number and hash of each history's last event: to keep elsewhere, and to compare with later on."""
    rows = EventHead.objects.order_by("request_id").values_list("request_id", "number", "hash")
    return rows.iterator(chunk_size=_CHUNK)


def _faults(report: Report, known: dict[int, tuple[int, str]]) -> Iterator[int]:
    """The requests in which something looks wrong. Rows of the other tables are read for some hundred at a time."""
    chains = _chains(known)
    while batch := list(islice(chains, _BATCH)):
        rows = StandingRows(batch[0][0], batch[-1][0])
        for request_id, chain in batch:
            report.requests += bool(chain.event_count)
            report.events += chain.event_count
            report.erased_texts += chain.erased_count
            if chain.faults or chain.standing.faults(*rows.of(request_id)):
                yield request_id


def _chains(known: dict[int, tuple[int, str]]) -> Iterator[tuple[int, Chain]]:
    """Every history that has an event or an end, read to its end, by the request's number."""
    ends = heads()
    end = next(ends, None)
    events = RequestEvent.objects.select_related("words").order_by("request_id", "number")
    for request_id, listed in groupby(events.iterator(chunk_size=_CHUNK), key=lambda event: event.request_id):
        while end is not None and end[0] < request_id:
            yield end[0], _read((), end[1:], known.get(end[0]))
            end = next(ends, None)
        is_ours = end is not None and end[0] == request_id
        yield request_id, _read(listed, end[1:] if is_ours and end else None, known.get(request_id))
        end = next(ends, None) if is_ours else end
    for left in (end, *ends):
        if left is not None:
            yield left[0], _read((), left[1:], known.get(left[0]))


def _read(
    events: Iterable[RequestEvent], end: tuple[int, str] | None, known: tuple[int, str] | None
) -> Chain:
    chain = Chain(known)
    for event in events:
        chain.read(event)
    chain.close(end)
    return chain


def _without_head() -> Iterator[int]:
    """Requests that were sent, and whose history has no end: all of it may be gone."""
    sent = RemovalRequest.objects.filter(submitted_at__isnull=False, event_head__isnull=True)
    return sent.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=_CHUNK)


@transaction.atomic
def _verify_one(request_id: int, known: tuple[int, str] | None) -> list[Finding]:
    try:
        request = locked(request_id)
    except Missing:
        return [_finding(f"request {request_id}", 0, "gone")] if known else []
    head = EventHead.objects.filter(request=request).values_list("number", "hash").first()
    events = request.events.select_related("words").order_by("number").iterator(chunk_size=_CHUNK)
    chain = _read(events, head, known)
    faults = chain.faults + chain.standing.faults(*StandingRows(request_id, request_id).of(request_id))
    name = request.reference or f"draft {request.pk}"
    return [_finding(name, number, code) for number, code in sorted(faults)]


def _finding(name: str, number: int, code: str) -> Finding:
    return Finding(name, number, code, _SENTENCES[code])


_SENTENCES = {
    "edited": "A field of this event, or its number, is not what was written.",
    "gap": "An event is missing before this one.",
    "unchained": "This event does not follow the one before it.",
    "text_changed": "The words of this event are not those that were written.",
    "text_added": "This event was written without words, and has some now.",
    "cut_off": "This is the last event, but the history went on after it.",
    "end_changed": "The history's end is not this event.",
    "no_end": "The history has no end any more.",
    "no_events": "The history has an end, and no event.",
    "nothing": "The request was sent, and has no history.",
    "text_gone": "The words of this event are gone, and nothing says that they were erased.",
    "state_changed": "The request does not stand where this event, its last move, left it.",
    "requester_changed": "The request is not the one's who asked for it, or who took it over, with this event.",
    "part_changed": "What a part asks for is not what this event brought.",
    "part_added": "A part of the request was brought by no event.",
    "part_gone": "A part that this event brought or decided is not there any more.",
    "part_state_changed": "A part does not stand as this event left it.",
    "part_frozen_changed": "Whether a part was frozen, or fulfilled, is not what the events say.",
    "subject_changed": "What was decided about with this event is not what stands in the part.",
    "decision_changed": "A decision says something else than this event, or somebody else took it.",
    "decision_words_changed": "The words of a decision are not those of this event, or are gone without an erasure.",
    "decision_added": "A decision stands there of which no event tells.",
    "decision_gone": "A decision of this event is not there any more.",
    "gone": "The request was there once, and is not any more.",
    "rewritten": "This event is not the one that was kept elsewhere.",
}

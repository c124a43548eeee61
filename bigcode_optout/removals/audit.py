"""Read every history again and say where it is not as it was written."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import groupby

from django.db import transaction

from bigcode_optout.core.errors import Missing
from bigcode_optout.removals.chaining import Link, hash_of_text
from bigcode_optout.removals.events import locked
from bigcode_optout.removals.models import EventHead, EventText, RemovalRequest, RequestEvent

# Rows in memory at a time, whatever the number of requests.
_CHUNK = 2000


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
    suspicious = [request_id for request_id, _ in _faults(report, known)]
    gone = sorted(known.keys() - set(RemovalRequest.objects.values_list("pk", flat=True))) if known else []
    for request_id in dict.fromkeys((*suspicious, *_without_head(), *gone)):
        report.findings += _verify_one(request_id, known.get(request_id))
    return report


def heads() -> Iterator[tuple[int, int, str]]:
    """Request id, number and hash of each history's last event: to keep elsewhere, and to compare with later on."""
    rows = EventHead.objects.order_by("request_id").values_list("request_id", "number", "hash")
    return rows.iterator(chunk_size=_CHUNK)


def _faults(report: Report, known: dict[int, tuple[int, str]]) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    ends = heads()
    end = next(ends, None)
    events = RequestEvent.objects.select_related("words").order_by("request_id", "number")
    grouped = groupby(events.iterator(chunk_size=_CHUNK), key=lambda event: event.request_id)
    for request_id, listed in grouped:
        while end is not None and end[0] < request_id:
            # An end without any event.
            yield end[0], [(0, "no_events")]
            end = next(ends, None)
        chain = _Chain(known.get(request_id))
        for event in listed:
            chain.read(event)
        is_ours = end is not None and end[0] == request_id
        chain.close(end[1:] if is_ours and end else None)
        end = next(ends, None) if is_ours else end
        report.requests += 1
        report.events += chain.event_count
        report.erased_texts += chain.erased_count
        if chain.faults:
            yield request_id, chain.faults
    for left in (end, *ends):
        if left is not None:
            yield left[0], [(0, "no_events")]


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
    chain = _Chain(known)
    for event in request.events.select_related("words").order_by("number").iterator(chunk_size=_CHUNK):
        chain.read(event)
    chain.close(head)
    name = request.reference or f"draft {request.pk}"
    return [_finding(name, number, code) for number, code in chain.faults]


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
    "gone": "The request was there once, and is not any more.",
    "rewritten": "This event is not the one that was kept elsewhere.",
}


class _Chain:
    """One request's events, read one after the other; `faults` are numbers and codes."""

    def __init__(self, known: tuple[int, str] | None) -> None:
        self.faults: list[tuple[int, str]] = []
        self.event_count = 0
        self.erased_count = 0
        self._known = known
        self._number = 0
        self._hash = ""

    def read(self, event: RequestEvent) -> None:
        """The next event by number."""
        if _hash_of(event) != event.hash:
            self._found(event.number, "edited")
        if event.number != self._number + 1:
            self._found(event.number, "gap")
        elif event.previous_hash != self._hash:
            self._found(event.number, "unchained")
        self._read_text(event)
        if self._known and self._known[0] == event.number and self._known[1] != event.hash:
            self._found(event.number, "rewritten")
        self.event_count += 1
        self._number, self._hash = event.number, event.hash

    def _read_text(self, event: RequestEvent) -> None:
        words: EventText | None = getattr(event, "words", None)
        if words is None:
            self.erased_count += bool(event.text_hash)
        elif not event.text_hash:
            self._found(event.number, "text_added")
        elif hash_of_text(words.salt, words.text) != event.text_hash:
            self._found(event.number, "text_changed")

    def close(self, end: tuple[int, str] | None) -> None:
        """After the last event. `end` is what the request's head says."""
        known_number = self._known[0] if self._known else 0
        if end is None:
            self._found(self._number, "no_end" if self._number else "nothing")
        elif not self._number:
            self._found(0, "no_events")
        elif end[0] > self._number or known_number > self._number:
            self._found(self._number, "cut_off")
        elif end != (self._number, self._hash):
            self._found(self._number, "end_changed")

    def _found(self, number: int, code: str) -> None:
        self.faults.append((number, code))


def _hash_of(event: RequestEvent) -> str:
    return Link(
        request_id=event.request_id,
        number=event.number,
        code=event.code,
        by_role=event.by_role,
        by_id=event.by_id,
        from_state=event.from_state,
        to_state=event.to_state,
        data=event.data,
        is_internal=event.is_internal,
        happened_at=event.happened_at,
        text_hash=event.text_hash,
        previous_hash=event.previous_hash,
    ).hash

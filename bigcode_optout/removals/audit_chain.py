"""One request's events, read one after the other: does each follow the one before, as it was written?"""

from bigcode_optout.removals.audit_standing import Standing
from bigcode_optout.removals.chaining import Link, hash_of_text
from bigcode_optout.removals.models import EventText, RequestEvent


class Chain:
    """`faults` are numbers of events, and codes; `standing` is what has to stand in the other tables."""

    def __init__(self, known: tuple[int, str] | None) -> None:
        self.faults: list[tuple[int, str]] = []
        self.event_count = 0
        self.erased_count = 0
        self.standing = Standing()
        self._wordless: list[int] = []
        self._known = known
        self._number = 0
        self._hash = ""

    def read(self, event: RequestEvent) -> None:
        """The next event by number."""
        is_as_written = hash_of_event(event) == event.hash
        if not is_as_written:
            self._found(event.number, "edited")
        if event.number != self._number + 1:
            self._found(event.number, "gap")
        elif event.previous_hash != self._hash:
            self._found(event.number, "unchained")
        self._read_text(event)
        if self._known and self._known[0] == event.number and self._known[1] != event.hash:
            self._found(event.number, "rewritten")
        if is_as_written:
            self.standing.hear(event)
        self.event_count += 1
        self._number, self._hash = event.number, event.hash

    def _read_text(self, event: RequestEvent) -> None:
        words: EventText | None = getattr(event, "words", None)
        if words is None:
            if event.text_hash:
                self.erased_count += 1
                self._wordless.append(event.number)
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

        if not self.standing.is_erased:
            self.faults += [(number, "text_gone") for number in self._wordless]

    def _found(self, number: int, code: str) -> None:
        self.faults.append((number, code))


def hash_of_event(event: RequestEvent) -> str:
    """What the event's hash has to be."""
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

"""What has to stand in the other tables by what a request's events say, and where it does not."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from django.db.models import QuerySet

from bigcode_optout.removals.models import Decision, RemovalRequest, RequestEvent, ScopeItem
from bigcode_optout.removals.sealing import seal_of_scope, seal_of_subject, seal_of_words

# The number of an event (0: none says so), and a code of `audit`.
Fault: TypeAlias = tuple[int, str]
_OPEN = ScopeItem.ItemState.OPEN.value
_STATES = {"accept": ScopeItem.ItemState.ACCEPTED.value, "decline": ScopeItem.ItemState.DECLINED.value}


class _Decided(NamedTuple):
    """A row of `sealing.decided_row`, and who decided by the event that holds it."""

    item_id: int
    decision_id: int
    verdict: str
    reason: str
    rule: str
    subject: str
    words: str
    event: int
    decided_by: int | None
    confirmed_by: int | None


class Standing:
    """Listens to events in their order. Events from before something was kept in them leave it unknown."""

    def __init__(self) -> None:
        self.is_erased = False
        self._state: tuple[int, str] | None = None
        self._requester: tuple[int, int | None] | None = None
        self._scope: dict[int, tuple[int, str]] = {}
        self._is_scope_kept = False
        # By item: the event and the state that it left; None where an old event does not say which.
        self._items: dict[int, tuple[int, str | None]] = {}
        self._opened = 0
        self._subjects: dict[int, _Decided] = {}
        self._decided: dict[int, _Decided] = {}
        self._unsealed_until: datetime | None = None
        self._frozen: dict[int, int] = {}
        self._fulfilled: dict[int, int] = {}

    def hear(self, event: RequestEvent) -> None:
        """The next event."""
        if event.to_state:
            self._state = (event.number, event.to_state)
        if "scope" in event.data:
            self._scope |= {int(pk): (event.number, kept) for pk, kept in event.data["scope"].items()}
        if act := _HEARD.get(event.code):
            act(self, event)

    def _submitted(self, event: RequestEvent) -> None:
        self._requester = (event.number, event.by_id)
        self._is_scope_kept = "scope" in event.data

    def _joined(self, event: RequestEvent) -> None:
        if self._requester and self._requester[1] == event.data.get("from"):
            self._requester = (event.number, event.data.get("to"))

    def _decide(self, event: RequestEvent) -> None:
        if "decided" not in event.data:
            self._unsealed_until = event.happened_at
            self._items |= dict.fromkeys(event.data.get("items", ()), (event.number, None))
            return
        first = event.data.get("proposed_by")
        people = (first, event.by_id) if first else (event.by_id, None)
        for values in event.data["decided"]:
            # A rule is nobody: who pressed the button is in the event.
            row = _Decided._make([*values, event.number, *(people if not values[4] else (None, None))])
            self._decided[row.decision_id] = self._subjects[row.item_id] = row
            self._items[row.item_id] = (event.number, _STATES[row.verdict])

    def _open_all(self, event: RequestEvent) -> None:
        self._opened = event.number
        self._items.clear()
        self._subjects.clear()

    def _open_some(self, event: RequestEvent) -> None:
        for pk in event.data.get("lifted" if event.code == "object" else "items", ()):
            self._items[pk] = (event.number, _OPEN)
            self._subjects.pop(pk, None)

    def _freeze(self, event: RequestEvent) -> None:
        for pk in event.data.get("items", ()):
            self._frozen.setdefault(pk, event.number)

    def _fulfil(self, event: RequestEvent) -> None:
        for pk in event.data.get("items", ()):
            self._fulfilled.setdefault(pk, event.number)

    def _erase(self, event: RequestEvent) -> None:
        self.is_erased = True

    def faults(
        self, request: tuple[str, int] | None, parts: Mapping[int, Any], decisions: Mapping[int, Any]
    ) -> list[Fault]:
        """Where the rows are not what the events say. `request`: state and requester; the others by number."""
        if self._state is None or request is None:
            # A draft, or one without any history: `Chain` says so.
            return []
        return [
            *self._of_request(*request),
            *self._of_parts(parts),
            *self._of_decisions(parts, decisions),
        ]

    def _of_request(self, state: str, requester: int) -> Iterator[Fault]:
        if self._state and self._state[1] != state:
            yield self._state[0], "state_changed"
        if self._requester and self._requester[1] != requester:
            yield self._requester[0], "requester_changed"

    def _of_parts(self, parts: Mapping[int, Any]) -> Iterator[Fault]:
        told = {pk: at for pk, (at, _) in (self._items | self._scope).items()}
        yield from ((at, "part_gone") for pk, at in told.items() if pk not in parts)
        for pk, part in parts.items():
            at, state = self._items.get(pk, (self._opened, _OPEN))
            if state is not None and state != part.state:
                yield at, "part_state_changed"
            if (part.frozen_at is None) is (pk in self._frozen):
                yield self._frozen.get(pk, 0), "part_frozen_changed"
            if (part.fulfilled_at is None) is (pk in self._fulfilled):
                yield self._fulfilled.get(pk, 0), "part_frozen_changed"
            yield from self._of_scope(pk, part)

    def _of_scope(self, pk: int, part: Any) -> Iterator[Fault]:
        if self._is_gone(part):
            return
        if pk in self._scope:
            at, kept = self._scope[pk]
            if seal_of_scope(part) != kept:
                yield at, "part_changed"
        elif self._is_scope_kept:
            yield 0, "part_added"
        row = self._subjects.get(pk)
        if row and seal_of_subject(part) != row.subject:
            yield row.event, "subject_changed"

    def _of_decisions(self, parts: Mapping[int, Any], decisions: Mapping[int, Any]) -> Iterator[Fault]:
        for pk, row in self._decided.items():
            found, part = decisions.get(pk), parts.get(row.item_id)
            if found is None:
                yield row.event, "decision_gone"
                continue
            people = (found.decided_by_id, found.confirmed_by_id)
            if (found.item_id, found.verdict, found.reason, found.rule, *people) != (
                row.item_id, row.verdict, row.reason, row.rule, row.decided_by, row.confirmed_by,
            ):  # fmt: skip
                yield row.event, "decision_changed"
            if part and not self._is_gone(part) and seal_of_words(part, found) != row.words:
                yield row.event, "decision_words_changed"
        for pk in decisions.keys() - self._decided.keys():
            if self._unsealed_until is None or decisions[pk].decided_at > self._unsealed_until:
                yield 0, "decision_added"

    def _is_gone(self, part: Any) -> bool:
        """What was erased says nothing any more, and with the salt gone nothing can be compared."""
        return self.is_erased and not part.salt


_HEARD: Mapping[str, Callable[[Standing, RequestEvent], None]] = {
    "submit": Standing._submitted,
    "join_people": Standing._joined,
    **dict.fromkeys(("accept", "deny", "decide_items", "conclude"), Standing._decide),
    **dict.fromkeys(("appeal", "reopen"), Standing._open_all),
    **dict.fromkeys(("object", "contradict"), Standing._open_some),
    "freeze": Standing._freeze,
    **dict.fromkeys(("fulfil", "fulfil_items"), Standing._fulfil),
    "erase": Standing._erase,
}
_PART = (
    "pk", "request_id", "kind", "name", "name_valid_until", "owner_id", "repository_id", "files", "commits", "issues",
    "salt", "state", "frozen_at", "fulfilled_at",
)  # fmt: skip
_DECISION = (
    "pk", "item_id", "item__request_id", "verdict", "reason", "rule", "sentence", "language", "decided_at",
    "decided_by_id", "confirmed_by_id",
)  # fmt: skip


class StandingRows:
    """The rows of the requests of these numbers, both ends included. Three queries."""

    def __init__(self, first: int, last: int) -> None:
        self._requests = {
            pk: (state, requester)
            for pk, state, requester in RemovalRequest.objects.filter(pk__range=(first, last))
            .order_by()
            .values_list("pk", "state", "requester_id")
        }
        parts = ScopeItem.objects.filter(request_id__gte=first, request_id__lte=last).order_by()
        self._parts = _by_request(parts.values_list(*_PART, named=True), "request_id")
        decided = Decision.objects.filter(item__request_id__gte=first, item__request_id__lte=last)
        rows = decided.order_by().values_list(*_DECISION, named=True)
        self._decisions = _by_request(rows, "item__request_id")

    def of(self, request_id: int) -> tuple[tuple[str, int] | None, Mapping[int, Any], Mapping[int, Any]]:
        """What `Standing.faults` compares with."""
        return self._requests.get(request_id), self._parts[request_id], self._decisions[request_id]


def _by_request(rows: QuerySet[Any, Any], column: str) -> Mapping[int, Mapping[int, Any]]:
    found: defaultdict[int, dict[int, Any]] = defaultdict(dict)
    for row in rows.iterator(chunk_size=2000):
        found[getattr(row, column)][row.pk] = row
    return found

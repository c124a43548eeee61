"""What a release does to requests: it freezes their items, is handed over with them, is found with something of them
left in its version, and makes them fulfilled."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bigcode_optout.removals import events_together as together
from bigcode_optout.removals import outbox
from bigcode_optout.removals.events import locked, note
from bigcode_optout.removals.events_together import Note
from bigcode_optout.removals.lifecycle import Role, State
from bigcode_optout.removals.models import RemovalRequest, RequestEvent, ScopeItem
from bigcode_optout.removals.queries import LIFTED

FULFIL, FULFIL_ITEMS, FOUND_LEFT = "fulfil", "fulfil_items", "found_left"


def freeze_items(*, items: Iterable[ScopeItem], release: str, at: datetime) -> None:
    """Mark accepted items as standing in a frozen release. Part of the freeze's transaction."""
    for part in _parts(items):
        frozen = [item.pk for held in part.values() for item in held]
        ScopeItem.objects.filter(pk__in=frozen, frozen_at__isnull=True).update(frozen_at=at)
        together.write(
            [
                Note(one, "freeze", {"release": release, "items": [item.pk for item in part[one.pk]]})
                for one in together.held(part)
            ]
        )


def tell_handed_over(*, items: Iterable[ScopeItem], release: str) -> None:
    """Write event and mail “in the list handed over for …” about these items. Part of the hand-over's transaction."""
    for part in _parts(items):
        requests = together.held(part)
        together.write([Note(one, "hand_over", {"release": release}) for one in requests])
        letters = [
            (one, {"release": release, "held_items": part[one.pk], "is_lifted": one.state in LIFTED})
            for one in requests
        ]
        outbox.write_all(letters, "in_release")


def tell_found_left(*, items: Iterable[ScopeItem], release: str) -> None:
    """Write the event “something of it was still there”, once a release. Part of the transaction that records it."""
    for request_id, found in _by_request(items).items():
        request = locked(request_id)
        if not request.events.filter(code=FOUND_LEFT, data__release=release).exists():
            data = {"release": release, "items": [item.pk for item in found]}
            note(request, FOUND_LEFT, role=Role.SYSTEM, data=data)


def fulfil_items(
    *,
    items: Iterable[ScopeItem],
    release: str,
    version: str,
    kinds: Collection[str],
    at: datetime,
    authorless: Collection[str] = (),
) -> int:
    """The version is out, and was verified to be without these items of the list `release`, as to the scope `kinds`; of
    the `authorless` ones nobody could compare who made a row, so that nothing is said by them about owners. Return how
    many requests became fulfilled.

    A request is fulfilled once all its accepted parts are that ask for one of the `kinds`. May run any number of times:
    a request is told of a release once. The caller has a transaction open.
    """
    out = _Out(release, version, frozenset(kinds), frozenset(authorless), at)
    return sum(_fulfil_part(part, out) for part in _parts(items))


@dataclass(frozen=True)
class _Out:
    """A version that is out: of which list, and what was shown of it."""

    release: str
    version: str
    kinds: frozenset[str]
    authorless: frozenset[str]
    at: datetime

    def covers(self, item: ScopeItem) -> bool:
        """True when the version honours the item, shown or not."""
        return _is_accepted(item) and not self.kinds.isdisjoint(item.kinds)

    def shows(self, item: ScopeItem) -> bool:
        """True when a kind that the item asks for was searched for it."""
        kinds = self.kinds - (self.authorless if item.kind == ScopeItem.Kind.OWNER else frozenset())
        return _is_accepted(item) and not kinds.isdisjoint(item.kinds)

    def unshown(self, items: Iterable[ScopeItem]) -> list[str]:
        """The kinds that an owner among the items asked for and that name nobody."""
        asked = {kind for item in items if item.kind == ScopeItem.Kind.OWNER for kind in item.kinds}
        return sorted(self.authorless & asked)


def _fulfil_part(part: Mapping[int, Sequence[ScopeItem]], out: _Out) -> int:
    told = RequestEvent.objects.filter(
        request__in=part, code__in=(FULFIL, FULFIL_ITEMS), data__release=out.release
    )
    is_told = set(told.values_list("request_id", flat=True))
    notes, letters, fulfilled = list[Note](), list[outbox.Letter](), list[int]()
    for request in together.held(part):
        shown = [item for item in part[request.pk] if out.shows(item)]
        if not shown or request.pk in is_told:
            continue
        fresh = [item for item in shown if item.fulfilled_at is None]
        if fresh:
            letters.append((request, _about(fresh, out, is_lifted=request.state in LIFTED)))
        fulfilled += [item.pk for item in fresh]
        notes.append(_noted(request, shown, out))
    ScopeItem.objects.filter(pk__in=fulfilled).update(fulfilled_at=out.at)
    together.write(notes)
    outbox.write_all(letters, "fulfilled")
    return sum(note.code == FULFIL for note in notes)


def _noted(request: RemovalRequest, shown: Sequence[ScopeItem], out: _Out) -> Note:
    """The request is fulfilled when nothing accepted is left that the version covers; else some of its items are."""
    data = {"release": out.release, "version": out.version, "items": [item.pk for item in shown]}
    left = [item for item in request.items.all() if out.covers(item) and item not in shown]
    if request.state == State.ACCEPTED and all(item.fulfilled_at for item in left):
        return together.moved(request, FULFIL, data)
    return Note(request, FULFIL_ITEMS, data)


def _about(fresh: Sequence[ScopeItem], out: _Out, *, is_lifted: bool) -> dict[str, Any]:
    return {
        "release": out.release,
        "version": out.version,
        "left_out_items": fresh,
        "authorless_kinds": out.unshown(fresh),
        "is_lifted": is_lifted,
    }


def _is_accepted(item: ScopeItem) -> bool:
    return item.state == ScopeItem.ItemState.ACCEPTED


def _by_request(items: Iterable[ScopeItem]) -> dict[int, list[ScopeItem]]:
    found: dict[int, list[ScopeItem]] = {}
    for item in items:
        found.setdefault(item.request_id, []).append(item)
    return found


def _parts(items: Iterable[ScopeItem]) -> Iterator[dict[int, list[ScopeItem]]]:
    """The items by request, some requests at a time."""
    found = _by_request(items)
    numbers = sorted(found)
    for start in range(0, len(numbers), together.TOGETHER):
        yield {number: found[number] for number in numbers[start : start + together.TOGETHER]}

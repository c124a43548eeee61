"""What a release does to requests: it freezes their items, is handed over with them, is found with something of them
left in its version, and makes them fulfilled."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bigcode_optout.removals import outbox
from bigcode_optout.removals.events import locked, move, note
from bigcode_optout.removals.lifecycle import Role, State
from bigcode_optout.removals.models import RemovalRequest, ScopeItem
from bigcode_optout.removals.queries import LIFTED

FULFIL, FULFIL_ITEMS, FOUND_LEFT = "fulfil", "fulfil_items", "found_left"


def freeze_items(*, items: Iterable[ScopeItem], release: str, at: datetime) -> None:
    """Mark accepted items as standing in a frozen release. Part of the freeze's transaction."""
    for request_id, frozen in _by_request(items).items():
        ScopeItem.objects.filter(pk__in=[item.pk for item in frozen], frozen_at__isnull=True).update(
            frozen_at=at
        )
        request = locked(request_id)
        data = {"release": release, "items": [item.pk for item in frozen]}
        note(request, "freeze", role=Role.SYSTEM, data=data)


def tell_handed_over(*, items: Iterable[ScopeItem], release: str) -> None:
    """Write event and mail “in the list handed over for …” about these items. Part of the hand-over's transaction."""
    for request_id, held in _by_request(items).items():
        request = locked(request_id)
        note(request, "hand_over", role=Role.SYSTEM, data={"release": release})
        outbox.write(
            request, "in_release", release=release, held_items=held, is_lifted=request.state in LIFTED
        )


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
    return sum(_fulfil(locked(request_id), held, out) for request_id, held in _by_request(items).items())


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


def _fulfil(request: RemovalRequest, held: Sequence[ScopeItem], out: _Out) -> bool:
    if request.events.filter(code__in=(FULFIL, FULFIL_ITEMS), data__release=out.release).exists():
        return False
    is_lifted = request.state in LIFTED
    shown = [item for item in held if out.shows(item)]
    if not shown:
        return False
    fresh = [item for item in shown if item.fulfilled_at is None]
    ScopeItem.objects.filter(pk__in=[item.pk for item in fresh]).update(fulfilled_at=out.at)
    data = {"release": out.release, "version": out.version, "items": [item.pk for item in shown]}
    accepted = request.items.filter(state=ScopeItem.ItemState.ACCEPTED)
    is_whole = all(item.fulfilled_at for item in accepted if out.covers(item))
    is_fulfilled = request.state == State.ACCEPTED and is_whole
    if is_fulfilled:
        move(request, FULFIL, role=Role.SYSTEM, by=None, data=data)
    else:
        note(request, FULFIL_ITEMS, role=Role.SYSTEM, data=data)
    if fresh:
        outbox.write(
            request,
            "fulfilled",
            is_rung=False,
            release=out.release,
            version=out.version,
            left_out_items=fresh,
            authorless_kinds=out.unshown(fresh),
            is_lifted=is_lifted,
        )
    return is_fulfilled


def _is_accepted(item: ScopeItem) -> bool:
    return item.state == ScopeItem.ItemState.ACCEPTED


def _by_request(items: Iterable[ScopeItem]) -> dict[int, list[ScopeItem]]:
    found: dict[int, list[ScopeItem]] = {}
    for item in items:
        found.setdefault(item.request_id, []).append(item)
    return found

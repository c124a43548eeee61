"""The same door for many requests at once: as many rows as one by one, and a few statements for all of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from bigcode_optout.core import clock
from bigcode_optout.removals import change_hooks, lifecycle, policies
from bigcode_optout.removals.events import link_after
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import EventHead, RemovalRequest, RequestEvent

TOGETHER = 200
"""So many requests, at most, are read and written by one statement."""


@dataclass(frozen=True)
class Note:
    """An event of the system: to which request, and what it says beside its code."""

    request: RemovalRequest
    code: str
    data: dict[str, Any]
    from_state: str = ""
    to_state: str = ""


def held(request_ids: Collection[int]) -> list[RemovalRequest]:
    """The requests, held until the transaction ends, with what mails say of them; in one order everywhere."""
    found = RemovalRequest.objects.select_for_update(of=("self",)).filter(pk__in=request_ids).order_by("pk")
    return list(found.select_related("dataset", "statement").prefetch_related("items__decisions"))


def moved(request: RemovalRequest, verb: str, data: dict[str, Any]) -> Note:
    """Do `verb` by the lifecycle's table to a held request. `write` writes it; raises `Forbidden` or `Conflict`."""
    policies.require(request, verb, role=Role.SYSTEM, by=None)
    source, target = request.state, lifecycle.TABLE[verb].target
    request.state = target.value
    return Note(request, verb, data, from_state=source, to_state=target.value)


def write(notes: Sequence[Note]) -> None:
    """Write the events, each chained to the one before, and the states of requests that were moved.

    A request has one note at most. The caller holds them by `held`.
    """
    now = clock.now()
    heads = EventHead.objects.in_bulk([note.request.pk for note in notes], field_name="request_id")
    events = []
    for note in notes:
        request_id = note.request.pk
        head = heads.setdefault(request_id, EventHead(request_id=request_id, number=0, hash=""))
        link = link_after(
            head,
            code=note.code,
            role=Role.SYSTEM,
            data=note.data,
            from_state=note.from_state,
            to_state=note.to_state,
        )
        events.append(RequestEvent(**vars(link), hash=link.hash))
        head.number, head.hash = link.number, link.hash
    changed = [note.request for note in notes if note.to_state]
    for request in changed:
        request.changed_at = now
    RemovalRequest.objects.bulk_update(changed, ["state", "changed_at"])
    RequestEvent.objects.bulk_create(events)
    # Apart: the trigger that lets no row take the place of another cannot tell an upsert from a replacement.
    EventHead.objects.bulk_update([head for head in heads.values() if head.pk], ["number", "hash"])
    EventHead.objects.bulk_create(head for head in heads.values() if not head.pk)
    with change_hooks.gathered():
        for note in notes:
            change_hooks.tell(note.request.pk, note.code)

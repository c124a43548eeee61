"""The one door through which a request changes: state and event in one step, under a lock."""

from collections.abc import Iterable
from typing import Any

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Missing
from bigcode_optout.removals import change_hooks, lifecycle, policies
from bigcode_optout.removals.chaining import Link, hash_of_text, new_salt
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import EventHead, EventText, RemovalRequest, RequestEvent


def locked(request_id: int) -> RemovalRequest:
    """The request, held until the transaction ends. Raises `Missing`."""
    found = RemovalRequest.objects.select_for_update().filter(pk=request_id).first()
    if found is None:
        raise Missing("no_request", "There is no such request.")
    return found


def locked_together(request_ids: Iterable[int]) -> dict[int, RemovalRequest]:
    """Several, in one order everywhere, so that two who hold them never wait for each other. Raises `Missing`."""
    return {request_id: locked(request_id) for request_id in sorted(set(request_ids))}


def move(
    request: RemovalRequest,
    verb: str,
    *,
    role: Role,
    by: User | None,
    data: dict[str, Any] | None = None,
    text: str = "",
) -> RequestEvent:
    """Do `verb` by the lifecycle's table and write its event. The caller holds the lock of `locked`.

    Raises `Forbidden` or `Conflict`; nothing is changed then.
    """
    policies.require(request, verb, role=role, by=by)
    source, target = request.state, lifecycle.TABLE[verb].target
    request.state = target.value
    request.save()
    return note(
        request, verb, role=role, by=by, data=data, text=text, from_state=source, to_state=target.value
    )


def note(
    request: RemovalRequest,
    code: str,
    *,
    role: Role,
    by: User | None = None,
    data: dict[str, Any] | None = None,
    text: str = "",
    from_state: str = "",
    to_state: str = "",
    is_internal: bool = False,
) -> RequestEvent:
    """Write an event that changes no state (or the one of `move`). The caller holds the lock of `locked`.

    It is chained to the one before; `data` holds what JSON can say, and nothing of it changes any more.
    """
    head = EventHead.objects.filter(request=request).first() or EventHead(request=request, number=0, hash="")
    salt = new_salt()
    link = link_after(
        head,
        code=code,
        role=role,
        by_id=by.pk if by else None,
        from_state=from_state,
        to_state=to_state,
        data=data,
        is_internal=is_internal,
        text_hash=hash_of_text(salt, text),
    )
    event = RequestEvent.objects.create(**vars(link), hash=link.hash)
    event.request, event.by = request, by
    if text:
        EventText.objects.create(event=event, text=text, salt=salt)
    head.number, head.hash = link.number, link.hash
    head.save()
    change_hooks.tell(request.pk, code)
    return event


def link_after(
    head: EventHead,
    *,
    code: str,
    role: Role,
    by_id: int | None = None,
    from_state: str = "",
    to_state: str = "",
    data: dict[str, Any] | None = None,
    is_internal: bool = False,
    text_hash: str = "",
) -> Link:
    """What comes next in the chain that ends with `head`, now."""
    return Link(
        request_id=head.request_id,
        number=head.number + 1,
        code=code,
        by_role=role.value,
        by_id=by_id,
        from_state=from_state,
        to_state=to_state,
        data=data or {},
        is_internal=is_internal,
        happened_at=clock.now(),
        text_hash=text_hash,
        previous_hash=head.hash,
    )

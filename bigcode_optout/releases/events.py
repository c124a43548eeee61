"""The one door through which a release changes: state and event in one step, under a lock."""

from datetime import datetime
from typing import Any

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Forbidden, Missing
from bigcode_optout.releases import lifecycle
from bigcode_optout.releases.lifecycle import State
from bigcode_optout.releases.models import Release, ReleaseEvent


def locked(release_id: int) -> Release:
    """The release, held until the transaction ends. Raises `Missing`."""
    found = (
        Release.objects.select_for_update(of=("self",))
        .select_related("dataset", "previous", "replaces")
        .filter(pk=release_id)
        .first()
    )
    if found is None:
        raise Missing("no_release", "There is no such release.")
    return found


def require_permission(by: User | None, verb: str) -> None:
    """Raise `Forbidden` unless `by` may do the verb; None is the command line, which may."""
    if by is not None and not by.has_perm(lifecycle.TABLE[verb].permission):
        raise Forbidden("no_permission", "You are not a release manager.")


def require(release: Release, verb: str, *, by: User | None) -> None:
    """Raise `Forbidden` or `Conflict` with a sentence unless `by` may do `verb` to the release now."""
    require_permission(by, verb)
    found = lifecycle.refusal(verb, State(release.state), name=release.name)
    if found is not None:
        raise Conflict(found.code, found.sentence)


def move(
    release: Release,
    verb: str,
    *,
    by: User | None,
    at: datetime | None = None,
    data: dict[str, Any] | None = None,
) -> ReleaseEvent:
    """Do `verb` by the lifecycle's table, save the release, and write its event. The caller holds the lock of `locked`.

    Raises `Forbidden` or `Conflict`; nothing is changed then.
    """
    require(release, verb, by=by)
    source, target = release.state, lifecycle.TABLE[verb].target
    release.state = target.value
    release.save()
    return note(release, verb, by=by, at=at, data=data, from_state=source, to_state=target.value)


def note(
    release: Release,
    code: str,
    *,
    by: User | None,
    at: datetime | None = None,
    data: dict[str, Any] | None = None,
    from_state: str = "",
    to_state: str = "",
) -> ReleaseEvent:
    """Write an event that changes no state (or the one of `move`). The caller holds the lock of `locked`."""
    return ReleaseEvent.objects.create(
        release=release,
        number=release.events.count() + 1,
        code=code,
        by=by,
        from_state=from_state,
        to_state=to_state,
        data=data or {},
        happened_at=at or clock.now(),
    )

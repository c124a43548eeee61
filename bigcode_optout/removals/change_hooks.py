"""Rooms above hear here that a request changed, inside the transaction that changes it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

# By the request's number what happened: codes of events, or `searched`, `assessed`, `opened_again`.
Changes = Mapping[int, set[str]]
Hook = Callable[[Changes], object]
_hooks: list[Hook] = []
_gathered: ContextVar[dict[int, set[str]] | None] = ContextVar("gathered_changes", default=None)


def register(hook: Hook) -> None:
    """Call `hook` after every change of a request. Registering twice is once."""
    if hook not in _hooks:
        _hooks.append(hook)


def tell(request_id: int, what: str) -> None:
    """Call each registered hook, in the order of registration; inside of `gathered` at its end."""
    gathered = _gathered.get()
    if gathered is None:
        _call({request_id: {what}})
    else:
        gathered.setdefault(request_id, set()).add(what)


@contextmanager
def gathered() -> Iterator[None]:
    """Let the hooks hear once, at the end, of all that happens inside. Use it within the transaction that changes.

    An inner one ends with the outer one. An error leaves the hooks uncalled: the transaction is undone with it.
    """
    if _gathered.get() is not None:
        yield
        return
    changes: dict[int, set[str]] = {}
    token = _gathered.set(changes)
    try:
        yield
    finally:
        _gathered.reset(token)
    if changes:
        _call(changes)


def _call(changes: Changes) -> None:
    for hook in _hooks:
        hook(changes)

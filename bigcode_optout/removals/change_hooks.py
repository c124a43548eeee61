"""Rooms above hear here that a request changed, inside the transaction that changes it."""

from collections.abc import Callable

# The request's number, and what happened: an event's code, or `searched`, `assessed`, `opened_again`.
Hook = Callable[[int, str], object]
_hooks: list[Hook] = []


def register(hook: Hook) -> None:
    """Call `hook` after every change of a request. Registering twice is once."""
    if hook not in _hooks:
        _hooks.append(hook)


def tell(request_id: int, what: str) -> None:
    """Call each registered hook, in the order of registration."""
    for hook in _hooks:
        hook(request_id, what)

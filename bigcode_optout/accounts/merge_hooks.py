"""Rooms above say here what moves when two people become one, and move it inside the transaction that does it."""

from collections.abc import Callable
from dataclasses import dataclass

from bigcode_optout.accounts.models import User


@dataclass(frozen=True)
class MergeHook:
    """`move(source, target)` gives the target what the source has. `foretell(source, target)` says in sentences what
    that will be, for the page that asks first."""

    move: Callable[[User, User], object]
    foretell: Callable[[User, User], list[str]]


_hooks: list[MergeHook] = []


def register(hook: MergeHook) -> None:
    """Hear of merges, in the order of registration: what stands on a thing registers after it. Twice is once."""
    if hook not in _hooks:
        _hooks.append(hook)


def move(source: User, target: User) -> None:
    """Let each room move its rows. What a hook raises undoes the merge."""
    for hook in _hooks:
        hook.move(source, target)


def foretell(source: User, target: User) -> list[str]:
    """What will move, in sentences."""
    return [sentence for hook in _hooks for sentence in hook.foretell(source, target)]

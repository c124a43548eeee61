"""Rooms above hear of a sign-in here, inside the transaction that records it."""

from collections.abc import Callable

from bigcode_optout.accounts.models import GitHubIdentity

Hook = Callable[[GitHubIdentity], object]
_hooks: list[Hook] = []


def register(hook: Hook) -> None:
    """Call `hook` with the identity at each sign-in and at each joining of a further account.

    It runs before the transaction commits: what it raises undoes the sign-in. Registering twice is once.
    """
    if hook not in _hooks:
        _hooks.append(hook)


def tell(identity: GitHubIdentity) -> None:
    """Call each registered hook, in the order of registration."""
    for hook in _hooks:
        hook(identity)

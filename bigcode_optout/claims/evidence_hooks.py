"""Rooms above hear here that there is more to know about a claim, inside the transaction that records it."""

from collections.abc import Callable

from bigcode_optout.claims.models import Claim

# The claim, and what came: a value of `Proof.Method`, or `told` for a person's own words.
Hook = Callable[[Claim, str], object]
_hooks: list[Hook] = []


def register(hook: Hook) -> None:
    """Call `hook` with every claim about which something was shown or told. Registering twice is once."""
    if hook not in _hooks:
        _hooks.append(hook)


def tell(claim: Claim, what: str) -> None:
    """Call each registered hook, in the order of registration."""
    for hook in _hooks:
        hook(claim, what)

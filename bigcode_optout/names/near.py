"""A slip of the finger: two names that differ by one letter put in, left out, put in its place, or swapped."""

from collections.abc import Iterable

from .folding import fold


def is_near(one: str, other: str) -> bool:
    """Tell whether the names differ by exactly one edit, letter case (A–Z) aside.

    An edit is a character more, a character less, one in place of another, or two neighbours swapped.
    """
    short, long = sorted((fold(one), fold(other)), key=len)
    if short == long or len(long) - len(short) > 1:
        return False
    begin = _shared(short, long)
    if len(short) < len(long):
        return short[begin:] == long[begin + 1 :]
    if short[begin + 1 :] == long[begin + 1 :]:
        return True
    swapped = long[begin : begin + 2][::-1]
    return short[begin : begin + 2] == swapped and short[begin + 2 :] == long[begin + 2 :]


def near_names(typed: str, known: Iterable[str]) -> list[str]:
    """The names of `known` that `typed` may have been meant for, each once, in the order of their folded spelling.

    Empty when `typed` is one of them itself: then nothing is to be asked.
    """
    by_key = {fold(name): name for name in known}
    if fold(typed) in by_key:
        return []
    return [by_key[key] for key in sorted(by_key) if is_near(typed, key)]


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count

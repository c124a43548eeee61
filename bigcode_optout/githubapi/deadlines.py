"""How long a piece of work may take in all, however many requests it makes."""

import time
from collections.abc import Callable


class Deadline:
    """A span of `seconds` that starts when the value is made; callers pass one value through several calls.

    `clock` gives seconds and never goes back (default: `time.monotonic`).
    """

    __slots__ = ("_clock", "_end", "seconds")

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    def remaining(self) -> float:
        """Seconds that are left, 0.0 when it is over."""
        return max(0.0, self._end - self._clock())

    @property
    def is_over(self) -> bool:
        """Whether no time is left."""
        return self.remaining() <= 0.0

    def __repr__(self) -> str:
        return f"Deadline({self.seconds}, remaining={self.remaining():.3f})"

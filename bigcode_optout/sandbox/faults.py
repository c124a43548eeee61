"""The fault switch: which requests fail next, how, and how often."""

import re
import threading
from typing import Any

from .fault_changes import CHANGES
from .fault_kinds import KINDS, Fault
from .messages import Request

KNOWN_KINDS = (*KINDS, *CHANGES)


class Faults:
    """The fault switch; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(
        self,
        path: str,
        kind: str,
        *,
        times: int | None = 1,
        seconds: float | None = None,
        status: int | None = None,
        after: int = 0,
    ) -> None:
        """Let requests whose path contains the regular expression ``path`` fail: ``times`` of them, ``after`` so many.

        Raises ValueError for an unknown kind, a broken expression, or ``times`` below 1.
        """
        if kind not in KNOWN_KINDS:
            raise ValueError(f"unknown kind {kind!r}; known are {', '.join(KNOWN_KINDS)}")
        if times is not None and times < 1:
            raise ValueError("times must be at least 1, or null for always")
        try:
            pattern = re.compile(path)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        with self._lock:
            self._faults.append(Fault(pattern, kind, times, seconds, status, after))

    def clear(self) -> None:
        """Let everything work again."""
        with self._lock:
            self._faults.clear()

    def waiting(self) -> list[dict[str, Any]]:
        """The faults that would still happen."""
        with self._lock:
            return [fault.as_json() for fault in self._faults]

    def take(self, request: Request) -> Fault | None:
        """The fault that this request meets, counted; None if it should work. The eldest fault wins."""
        with self._lock:
            fault = next((row for row in self._faults if row.path.search(request.path)), None)
            if fault is None:
                return None
            if fault.after:
                fault.after -= 1
                return None
            if fault.times is not None:
                fault.times -= 1
                self._faults = [row for row in self._faults if row.times != 0]
        return fault

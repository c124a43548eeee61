"""The fault switch: which requests fail next, how, and how often."""

import re
import threading
from typing import Any

from .fault_kinds import KINDS, Fault
from .messages import Request, Response


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
    ) -> None:
        """Let the next ``times`` requests whose path contains the regular expression ``path`` fail.

        Raises ValueError for an unknown kind, a broken expression, or ``times`` below 1.
        """
        if kind not in KINDS:
            raise ValueError(f"unknown kind {kind!r}; known are {', '.join(KINDS)}")
        if times is not None and times < 1:
            raise ValueError("times must be at least 1, or null for always")
        try:
            pattern = re.compile(path)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        with self._lock:
            self._faults.append(Fault(pattern, kind, times, seconds, status))

    def clear(self) -> None:
        """Let everything work again."""
        with self._lock:
            self._faults.clear()

    def waiting(self) -> list[dict[str, Any]]:
        """The faults that would still happen."""
        with self._lock:
            return [fault.as_json() for fault in self._faults]

    def response_to(self, request: Request) -> Response | None:
        """The faulty answer to this request, counted; None if it should work. The eldest fault wins."""
        with self._lock:
            fault = next((row for row in self._faults if row.path.search(request.path)), None)
            if fault is None:
                return None
            if fault.times is not None:
                fault.times -= 1
                self._faults = [row for row in self._faults if row.times != 0]
        return KINDS[fault.kind](fault, request)

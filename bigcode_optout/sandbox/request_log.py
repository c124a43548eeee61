"""The last requests, so that a test can count calls; no token, query or body is kept."""

import threading
from collections import deque
from typing import Any

from .messages import Request, Response

KEPT = 1000


class RequestLog:
    """The last ``KEPT`` requests, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def record(self, request: Request, response: Response) -> None:
        """Keep method, path, status and whether a token or client credentials came along."""
        scheme = request.header("authorization").partition(" ")[0].lower()
        row = {
            "method": request.method,
            "path": request.path,
            "has_token": scheme in ("token", "bearer"),
            "has_client_credentials": scheme == "basic",
            "status": response.status,
        }
        with self._lock:
            self._rows.append(row)

    def rows(self) -> list[dict[str, Any]]:
        """A copy of what is kept."""
        with self._lock:
            return list(self._rows)

    def clear(self) -> None:
        """Start counting anew."""
        with self._lock:
            self._rows.clear()

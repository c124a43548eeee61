"""The request id (and the task's name) that every log line of one piece of work carries."""

import logging
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_task: ContextVar[str] = ContextVar("task", default="")
_ACCEPTABLE = re.compile(r"[A-Za-z0-9-]{8,64}")


def current_request_id() -> str:
    """The id of the work at hand, or an empty string outside of any."""
    return _request_id.get()


def acceptable(request_id: str | None) -> str:
    """`request_id` if a proxy sent a harmless one, else a new one."""
    if request_id and _ACCEPTABLE.fullmatch(request_id):
        return request_id
    return secrets.token_hex(8)


@contextmanager
def bound(request_id: str, task: str = "") -> Iterator[None]:
    """Log lines inside carry `request_id` and `task`."""
    id_token, task_token = _request_id.set(request_id), _task.set(task)
    try:
        yield
    finally:
        _request_id.reset(id_token)
        _task.reset(task_token)


class ContextFilter(logging.Filter):
    """Puts `request_id` and `task` on each record, and takes the request off it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always keeps the record."""
        record.request_id = _request_id.get()
        record.task = _task.get()
        # Django hangs the whole request on its records, and with it an address that may hold a name or a sign-in code.
        request = record.__dict__.pop("request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            record.args = tuple(_without_address(value, request) for value in record.args)
        return True


def _without_address(value: object, request: HttpRequest) -> object:
    """The route instead of the path, which Django puts into its own words, escaped: a path may be somebody's."""
    if value not in (request.path, request.path.encode("unicode_escape").decode("ascii")):
        return value
    match = request.resolver_match
    return match.route if match else "an unknown address"

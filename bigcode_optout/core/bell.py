"""Ring for a worker. The row that needs work is the promise; the bell only makes it soon."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from celery import Task, current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring(task: Task, *arguments: Any) -> None:
    """Send `task` when the open transaction has committed; a broker that is down is logged, never raised.

    The row was committed before, so the periodic sweep finds it later: nothing is lost, it is only late.
    """
    _after_commit(task.name, partial(task.apply_async, args=arguments))


def ring_named(name: str, *arguments: Any) -> None:
    """The same for a task of a room above, which settings name and the caller does not import."""
    _after_commit(name, partial(current_app.send_task, name, args=arguments))


def _after_commit(name: str, send: Callable[..., Any]) -> None:
    transaction.on_commit(lambda: _send(name, send), robust=True)


def _send(name: str, send: Callable[..., Any]) -> None:
    try:
        send(retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("bell not rung for %s: %s", name, type(error).__name__)

"""Ring for a worker. The row that needs work is the promise; the bell only makes it soon."""

import logging
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring(task: Task, *arguments: Any) -> None:
    """Send `task` when the open transaction has committed; a broker that is down is logged, never raised.

    The row was committed before, so the periodic sweep finds it later: nothing is lost, it is only late.
    """
    transaction.on_commit(lambda: _send(task, arguments), robust=True)


def _send(task: Task, arguments: tuple[Any, ...]) -> None:
    try:
        task.apply_async(args=arguments, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("bell not rung for %s: %s", task.name, type(error).__name__)

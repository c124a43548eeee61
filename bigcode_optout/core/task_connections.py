"""Tasks of one worker process share its database connection, as requests of one web process do.

Celery alone closes it before and after every task; a new one costs more than most tasks do. CELERY_DB_REUSE_MAX stops
that, and Django's own rule takes its place: CONN_MAX_AGE says how long a connection lives, one that broke is replaced.
"""

from typing import Any

from celery import Task
from celery.signals import task_postrun, task_prerun
from django.db import close_old_connections


@task_prerun.connect
@task_postrun.connect
def _close_old(sender: Task | None = None, **_: Any) -> None:
    # A task that runs inside another piece of work must leave that one's transaction alone.
    if sender is not None and not sender.request.is_eager:
        close_old_connections()

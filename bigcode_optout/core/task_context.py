"""Carry the request id from the page that asked for a task into the worker that runs it."""

from contextlib import ExitStack
from typing import Any

from celery import Task
from celery.signals import before_task_publish, task_postrun, task_prerun

from bigcode_optout.core import log_context

HEADER = "desk_request_id"
_open: dict[str, ExitStack] = {}


@before_task_publish.connect
def _put(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is not None:
        headers[HEADER] = log_context.current_request_id()


@task_prerun.connect
def _enter(task_id: str = "", task: Task | None = None, **_: Any) -> None:
    sent = getattr(task.request, HEADER, "") if task else ""
    stack = ExitStack()
    stack.enter_context(log_context.bound(log_context.acceptable(sent), task.name if task else ""))
    _open[task_id] = stack


@task_postrun.connect
def _leave(task_id: str = "", **_: Any) -> None:
    stack = _open.pop(task_id, None)
    if stack:
        stack.close()

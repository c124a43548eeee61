"""The request id goes from the page to the worker that does what the page asked for."""

import logging
import re
from collections.abc import Iterator

import pytest
from celery import current_app, shared_task
from celery.contrib.testing.worker import start_worker

from bigcode_optout.core import log_context
from tests.operations.running import wait_until

seen: list[tuple[str, str]] = []


@shared_task(name="test.note_context")
def note_context() -> None:
    """Note what a log line of this task would carry."""
    record = logging.makeLogRecord({})
    log_context.ContextFilter().filter(record)
    seen.append((record.request_id, record.task))


@pytest.fixture
def worker() -> Iterator[None]:
    """A worker in a thread, over the broker of the settings, on a queue of its own."""
    seen.clear()
    with start_worker(
        current_app._get_current_object(), pool="solo", perform_ping_check=False, queues="context-test"
    ):
        yield


def _send() -> None:
    note_context.apply_async(queue="context-test")


def test_a_task_carries_the_id_of_the_request_that_rang_for_it(worker) -> None:
    with log_context.bound("page-request-1234"):
        _send()
    wait_until(lambda: seen, what="the task")
    assert seen == [("page-request-1234", "test.note_context")]


def test_a_task_that_no_request_rang_for_gets_an_id_of_its_own(worker) -> None:
    with log_context.bound("page-request-1234"):
        _send()
    _send()
    wait_until(lambda: len(seen) == 2, what="both tasks")
    # Messages of the same millisecond come in any order.
    ids = {request_id for request_id, _ in seen} - {"page-request-1234"}
    assert len(ids) == 1
    assert re.fullmatch(r"[0-9a-f]{16}", ids.pop())


def test_a_worker_logs_as_the_settings_say(worker, settings) -> None:
    assert logging.getLevelName(logging.getLogger().level) == settings.LOGGING["root"]["level"]
    assert logging.getLogger("celery.task").propagate
    assert not logging.getLogger("celery.task").handlers


def test_outside_of_any_work_there_is_no_id() -> None:
    with log_context.bound("page-request-1234", "some.task"):
        assert log_context.current_request_id() == "page-request-1234"
    assert log_context.current_request_id() == ""

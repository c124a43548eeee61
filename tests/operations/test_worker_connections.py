"""A worker process keeps its connection to PostgreSQL from one task to the next, and gets another one when it broke."""

from collections.abc import Iterator

import pytest
from celery import Celery

from tests import migrated
from tests.operations.desk import CELERY, ProcessDesk
from tests.operations.running import fresh_database, spare_redis, wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.worker, pytest.mark.timeout(120)]

CONNECTIONS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def desk(tmp_path, tmp_path_factory) -> Iterator[ProcessDesk]:
    """A desk with one worker process and no timers, whose only tasks are those of the test."""
    template = migrated.postgres_template(tmp_path_factory)
    with fresh_database(template) as database_url, spare_redis() as redis_url:
        own = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "DATA_DIR": str(tmp_path / "data")}
        found = ProcessDesk(tmp_path, own | {"DJANGO_SETTINGS_MODULE": "bigcode_optout.settings.embedded"})
        yield found
        found.stop()


@pytest.fixture
def worker(desk):
    """The worker, ready."""
    options = ("--concurrency", "1", "--without-gossip", "--without-mingle")
    started = desk.start([*CELERY, "worker", *options], "worker")
    started.wait_for("ready.")
    return started


def _sweep(desk: ProcessDesk, worker, *, count: int) -> None:
    """Let the worker run one more task that reads the database; `count` have run then, all of them well."""
    with Celery(broker=desk.environment["REDIS_URL"], set_as_current=False) as ringing:
        ringing.send_task("removals.sweep")
    wait_until(lambda: worker.output.count("succeeded in") == count, what=f"task {count}\n{worker.output}")
    assert "Error" not in worker.output


def test_tasks_share_the_connection_of_their_process(desk, worker) -> None:
    _sweep(desk, worker, count=1)
    first = desk.rows(CONNECTIONS)
    _sweep(desk, worker, count=2)

    assert len(first) == 1
    assert desk.rows(CONNECTIONS) == first


def test_the_task_after_a_restart_of_the_database_gets_a_connection_of_its_own(desk, worker) -> None:
    _sweep(desk, worker, count=1)
    first = desk.rows(CONNECTIONS)
    desk.rows("SELECT pg_terminate_backend(?)", first[0][0])
    _sweep(desk, worker, count=2)

    second = desk.rows(CONNECTIONS)
    assert len(second) == 1
    assert second != first

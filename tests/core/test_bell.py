"""The bell is rung after the commit, and a broker that is down is no reason to fail."""

import shutil
from pathlib import Path

import pytest
from celery import Celery
from django.db import transaction

from bigcode_optout.core.bell import ring

pytestmark = pytest.mark.django_db(transaction=True)


def _noted(*numbers: int) -> None:
    """What the tasks of these tests do."""


@pytest.fixture
def messages(tmp_path) -> Path:
    """The folder of a broker of the test's own."""
    folder = tmp_path / "messages"
    folder.mkdir()
    return folder


@pytest.fixture
def task(messages, tmp_path):
    """A task whose messages go to that folder."""
    app = Celery("bell-test", broker="filesystem://localhost//", set_as_current=False)
    places = {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(tmp_path / "c"),
    }
    app.conf.broker_transport_options = places
    return app.task(_noted, name="test.noted")


def test_a_worker_is_rung_for_after_the_commit(task, messages) -> None:
    with transaction.atomic():
        ring(task, 5)
        assert list(messages.iterdir()) == []
    assert len(list(messages.iterdir())) == 1


def test_what_is_rolled_back_rings_nobody(task, messages) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ring(task, 5)
        raise ZeroDivisionError
    assert list(messages.iterdir()) == []


def test_a_broker_that_is_down_is_logged_and_the_next_thing_still_happens(task, messages, caplog) -> None:
    shutil.rmtree(messages)
    happened = []
    with transaction.atomic():
        ring(task, 5)
        transaction.on_commit(lambda: happened.append(True))
    assert happened == [True]
    assert "bell not rung for test.noted" in caplog.text


def test_a_redis_that_is_down_is_no_reason_to_fail_either(caplog) -> None:
    app = Celery("bell-test", broker="redis://127.0.0.1:1/0", set_as_current=False)
    app.conf.broker_transport_options = {"max_retries": 0, "socket_connect_timeout": 1.0}
    ring(app.task(_noted, name="test.lost"))
    assert "bell not rung for test.lost: OperationalError" in caplog.text

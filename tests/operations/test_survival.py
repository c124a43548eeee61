"""Nothing that was acknowledged is lost: real workers over the filesystem broker, killed and cut off on purpose."""

import shutil
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest

from bigcode_optout.sandbox import RunningSandbox, start
from tests import migrated
from tests.operations.desk import ProcessDesk
from tests.operations.mail_server import mail_server
from tests.operations.running import wait_until

pytestmark = [pytest.mark.worker, pytest.mark.timeout(300)]

QUILLON = ("quillon-marsh", 4117902)
LARKSPUR = ("larkspur-dev", 168801234)
# Quick, so that a dead worker is missed after three seconds instead of minutes.
HASTE = {"LOCATE_LEASE_SECONDS": "2", "SWEEP_SECONDS": "1"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    """A data folder with tables and an index, to copy."""
    folder = tmp_path_factory.mktemp("prepared")
    data = folder / "data"
    migrated.copy_sqlite(tmp_path_factory, data)
    ProcessDesk(folder, _environment(data, "http://127.0.0.1:1")).prepare()
    return data


@pytest.fixture
def github() -> Iterator[RunningSandbox]:
    """The stand-in, in this process."""
    running = start()
    yield running
    running.stop()


@pytest.fixture
def desk(prepared, github, tmp_path) -> Iterator[ProcessDesk]:
    """A desk on a data folder of its own."""
    shutil.copytree(prepared, tmp_path / "data")
    found = ProcessDesk(tmp_path, _environment(tmp_path / "data", github.url))
    yield found
    found.stop()


def _environment(data: Path, github_url: str) -> dict[str, str]:
    own = {"DATA_DIR": str(data), "GITHUB_URL": github_url, "DATABASE_URL": "", "REDIS_URL": ""}
    return own | HASTE | {"DJANGO_SETTINGS_MODULE": "bigcode_optout.settings.embedded"}


def _attempts(desk: ProcessDesk, request_id: int) -> int:
    return desk.rows("SELECT attempt_count FROM removals_removalrequest WHERE id = ?", request_id)[0][0]


def _was_asked(github: RunningSandbox, part: str) -> bool:
    return any(part in row["path"] for row in github.requests.rows())


def _everything_was_searched_once(desk: ProcessDesk, request_id: int) -> None:
    runs = desk.rows("SELECT state FROM removals_locaterun WHERE request_id = ?", request_id)
    assert runs == [("done",)]
    located = desk.rows(
        "SELECT l.full_name FROM removals_locatedrepository l JOIN removals_locaterun r ON r.id = l.run_id"
        " WHERE r.request_id = ?",
        request_id,
    )
    assert located
    assert max(Counter(located).values()) == 1


def _mailed_once(desk: ProcessDesk, kind: str) -> None:
    wait_until(
        lambda: desk.rows("SELECT count(*) FROM removals_outboxmessage WHERE sent_at IS NULL") == [(0,)],
        what="mail",
    )
    subjects = desk.rows("SELECT subject FROM removals_outboxmessage WHERE kind = ?", kind)
    assert len(subjects) == 1
    files = Path(desk.environment["DATA_DIR"], "mails").glob("*")
    sent = [message_from_bytes(file.read_bytes())["Subject"] for file in files]
    assert sent.count(subjects[0][0]) == 1


def test_a_request_that_came_while_no_worker_ran_waits_for_one(desk) -> None:
    request = desk.submit(*QUILLON)
    assert desk.state(request["id"]) == "submitted"
    desk.start_worker()
    desk.wait_for_state(request["id"], "accepted")
    _everything_was_searched_once(desk, request["id"])
    _mailed_once(desk, "received")


@pytest.mark.parametrize(
    ("person", "silent"),
    [
        pytest.param(QUILLON, "/users/quillon-marsh/repos", id="before the search"),
        pytest.param(LARKSPUR, "/repositories/", id="after the search"),
    ],
)
def test_a_worker_that_is_killed_while_locating_is_replaced(desk, github, person, silent) -> None:
    github.faults.add(silent, "timeout", times=None, seconds=60)
    request = desk.submit(*person)
    worker = desk.start_worker()
    wait_until(lambda: _attempts(desk, request["id"]) == 1, what="the taking of the request")
    wait_until(lambda: _was_asked(github, silent), what="the question to GitHub")
    # By the other process; killed in the middle of a mail, it would be sent when its lease of two minutes is over.
    _mailed_once(desk, "received")
    worker.kill()
    assert desk.state(request["id"]) == "submitted"
    github.faults.clear()

    desk.start_worker()
    desk.wait_for_state(request["id"], "accepted", "in_review")
    assert _attempts(desk, request["id"]) >= 2
    _everything_was_searched_once(desk, request["id"])
    _mailed_once(desk, "received")


@pytest.mark.parametrize(
    ("flags", "changes"),
    [
        pytest.param(["--lose-broker-folder"], {}, id="folder"),
        pytest.param([], {"REDIS_URL": "redis://127.0.0.1:1/0"}, id="redis"),
    ],
)
def test_a_broker_that_is_gone_at_submission_delays_and_loses_nothing(desk, flags, changes) -> None:
    messages = Path(desk.environment["DATA_DIR"], "broker", "messages")
    # Registering an index rang for a sweep; only what the submission rings for is looked at.
    before = set(messages.glob("*"))
    request = desk.submit(*QUILLON, *flags, **changes)
    assert request["seconds"] < 2
    assert desk.state(request["id"]) == "submitted"
    assert set(messages.glob("*")) <= before

    desk.start_worker()
    desk.wait_for_state(request["id"], "accepted")
    _mailed_once(desk, "received")


def test_a_mail_is_sent_although_the_worker_that_sent_it_was_killed(desk) -> None:
    with mail_server() as server:
        desk.environment |= {
            "DJANGO_SETTINGS_MODULE": "tests.operations.smtp_settings",
            "MAIL_PORT": str(server.port),
        }
        server.is_silent = True
        request = desk.submit(*QUILLON)
        worker = desk.start_worker()
        assert server.was_called.wait(20)
        worker.kill()
        waiting = desk.rows("SELECT kind FROM removals_outboxmessage WHERE sent_at IS NULL")
        assert ("received",) in waiting

        server.is_silent = False
        # The two minutes after which a silent sender is taken for dead.
        desk.rows(
            "UPDATE removals_outboxmessage SET lease_until = ? WHERE lease_until IS NOT NULL",
            "2020-01-01 00:00:00",
        )
        desk.start_worker()
        desk.wait_for_state(request["id"], "accepted")
        wait_until(lambda: len(server.mails) == 2, what="both mails")
        assert {mail["To"] for mail in server.mails} == {"a@example.org"}
        assert len({mail["Subject"] for mail in server.mails}) == 2

"""What `make demo` starts, keeps and stops."""

import json
import os
import re
import signal
import socket
import stat
import sys
from collections.abc import Iterator

import psutil
import pytest
import requests

from tests import migrated
from tests.operations.running import Process, RunningDemo, wait_until

pytestmark = [pytest.mark.worker, pytest.mark.timeout(300)]
DEMO = [sys.executable, "-m", "bigcode_optout.sandbox.demo"]


@pytest.fixture
def demo(tmp_path, monkeypatch) -> Iterator[RunningDemo]:
    """A demo that is not started yet, on SQLite and files."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    found = RunningDemo(tmp_path / "data")
    yield found
    if found.process is not None:
        found.process.stop(signal.SIGINT)


def _family(process: Process) -> list[psutil.Process]:
    return psutil.Process(process.popen.pid).children(recursive=True)


def _left(family: list[psutil.Process]) -> list[psutil.Process]:
    """Who still runs. An orphan that has ended and waits for its new parent does not."""

    def runs(process: psutil.Process) -> bool:
        try:
            return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    return [process for process in family if runs(process)]


def _names_running(process: Process) -> set[str]:
    words = {"gunicorn", "celery", "bigcode_optout.sandbox"}
    return {word for child in _family(process) for word in words if word in child.cmdline()}


def _staff(demo: RunningDemo) -> dict[str, str]:
    return json.loads((demo.data_dir / "demo-staff.json").read_text())


def test_the_demo_shows_the_desk_and_ends_with_everything_it_started_and_keeps_the_data(
    demo, tmp_path
) -> None:
    first = demo.start()
    assert requests.get(f"{demo.url}/healthz", timeout=5).json() == {"status": "ok"}
    answer = requests.get(f"{demo.url}/look-up/", params={"name": "Quillon-Marsh/tidewatch"}, timeout=10)
    assert answer.status_code == 200
    assert "tidewatch" in answer.text
    for persona in requests.get(f"{demo.sandbox_url}/_sandbox/personas", timeout=5).json():
        assert re.search(rf"{persona['login']} +{re.escape(persona['title'])}", first.output)

    passwords = _staff(demo)
    assert stat.S_IMODE((demo.data_dir / "demo-staff.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(demo.data_dir.stat().st_mode) == 0o700
    assert all(re.search(rf"{name} +{re.escape(word)} ", first.output) for name, word in passwords.items())
    roles = ("reviewer", "senior reviewer", "release manager", "auditor", "superuser")
    assert all(re.search(rf"demo-\S+ +\S+ +{role}\n", first.output) for role in roles)
    assert _names_running(first) == {"gunicorn", "celery", "bigcode_optout.sandbox"}

    other = Process(DEMO, RunningDemo(demo.data_dir).own, tmp_path / "other.log")
    assert other.popen.wait(20) == 1
    assert f"A demo is running on {demo.data_dir} already." in other.output

    family = _family(first)
    assert first.stop(signal.SIGINT, seconds=15) == 0
    assert _left(family) == []

    second = demo.start()
    assert "building the index" in first.output
    assert "building the index" not in second.output
    assert _staff(demo) == passwords
    family = _family(second)
    second.popen.send_signal(signal.SIGKILL)
    wait_until(lambda: not _left(family), what="the end of what a killed demo had started")


def test_a_demo_that_is_stopped_while_it_prepares_leaves_nothing_behind(demo) -> None:
    process = Process(DEMO, demo.own, demo.data_dir.with_name("log"))
    process.wait_for("building the index")
    family = _family(process)
    try:
        process.popen.send_signal(signal.SIGTERM)
        assert process.popen.wait(20) == 0
        wait_until(lambda: not _left(family), seconds=5, what="the end of what it had started")
    finally:
        process.kill()
    assert "Traceback" not in process.output


def test_a_killed_worker_is_replaced_and_a_killed_site_ends_the_demo(demo, tmp_path_factory) -> None:
    migrated.copy_sqlite(tmp_path_factory, demo.data_dir)
    running = demo.start()
    worker = next(child for child in _family(running) if "worker" in child.cmdline())
    os.killpg(worker.pid, signal.SIGKILL)
    running.wait_for("worker had ended and was started again.")
    wait_until(lambda: any("worker" in child.cmdline() for child in _family(running)), what="a new worker")

    family = _family(running)
    web = next(child for child in family if "gunicorn" in child.cmdline())
    os.killpg(web.pid, signal.SIGKILL)
    assert running.popen.wait(20) == 1
    assert "web has ended. The end of" in running.output
    assert _left(family) == []


@pytest.mark.parametrize("name", ["PORT", "SANDBOX_PORT"])
def test_a_port_that_is_taken_is_told_in_one_sentence(name, tmp_path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {"PORT": "1", "SANDBOX_PORT": "2", "DATA_DIR": str(tmp_path / "data"), name: str(port)}
        demo = Process(DEMO, environment | ({"PORT": "18763"} if name != "PORT" else {}), tmp_path / "log")
        assert demo.popen.wait(20) == 1
    sentence = f"Port {port} is taken by another program. Choose another one: make demo {name}={port + 100}"
    assert demo.output.strip() == sentence


def test_a_port_that_is_none_is_told_too(tmp_path) -> None:
    demo = Process(DEMO, {"PORT": "eighty", "DATA_DIR": str(tmp_path)}, tmp_path / "log")
    assert demo.popen.wait(20) == 1
    assert demo.output.strip() == "PORT is eighty: a port is a number from 1 to 65535."


@pytest.mark.parametrize("words", [["create_demo_staff"], ["prepare_demo", "."]])
def test_demo_staff_is_refused_where_github_is_real(demo, words) -> None:
    demo.data_dir.mkdir()
    environment = demo.environment | {"GITHUB_URL": "https://github.com"}
    command = Process([sys.executable, "manage.py", *words], environment, demo.data_dir / "log")
    assert command.popen.wait(20) == 1
    assert "demo staff exists beside the stand-in only" in command.output

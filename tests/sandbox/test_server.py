"""The stand-in runs on this machine only, shows its switches, and stops cleanly."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from bigcode_optout.sandbox import RunningSandbox, start
from bigcode_optout.sandbox.application import Application
from bigcode_optout.sandbox.server import SandboxServer
from bigcode_optout.sandbox.world import World
from bigcode_optout.sandbox.world_file import DEFAULT_PATH

from .client import Client

ROOT = Path(__file__).parents[2]


def test_it_binds_to_no_other_host() -> None:
    for host in ("0.0.0.0", "", "localhost", "::"):
        with pytest.raises(ValueError, match=r"127\.0\.0\.1 only"):
            SandboxServer(0, Application(World()), host=host)


@pytest.mark.parametrize("host", ["rebound.example", "127.0.0.1.example:80", ""])
def test_it_answers_under_no_other_name(client: Client, host: str) -> None:
    assert client.api("/users/quillon-marsh", host=host).status == 421
    assert client.ask("/_sandbox/requests", host=host).status == 421


def test_links_lead_to_the_name_one_asked_under(client: Client) -> None:
    host = f"localhost:{client.netloc.rpartition(':')[2]}"
    assert client.api("/users/quillon-marsh", host=host).json()["url"].startswith(f"http://{host}/api/v3/")


def test_the_request_log_counts_calls_and_keeps_no_secret(sandbox: RunningSandbox, client: Client) -> None:
    token = sandbox.world.issue_token("quillon-marsh").value
    client.api("/user?page=1", token=token)
    client.ask("/login/oauth/authorize?state=secret-state")
    client.api("/rate_limit", basic=("sandbox-client", "sandbox-secret"))
    text = client.ask("/_sandbox/requests").body.decode()
    assert [(row["path"], row["has_token"]) for row in json.loads(text)] == [
        ("/api/v3/user", True),
        ("/login/oauth/authorize", False),
        ("/api/v3/rate_limit", False),
    ]
    assert not any(secret in text for secret in (token, "secret-state", "sandbox-secret"))
    client.ask("/_sandbox/requests", "DELETE")
    assert sandbox.requests.rows() == []


def test_the_personas_are_listed_with_their_numbers(client: Client) -> None:
    rows = client.ask("/_sandbox/personas").json()
    assert [row["login"] for row in rows][:8] == [
        "quillon-marsh",
        "brindle-fenn",
        "larkspur-dev",
        "hale-ostrander",
        "wren-abernathy",
        "odalys-brook",
        "pemberly-quiet",
        "moss-kettering",
    ]
    assert rows[0]["id"] == 4117902
    assert all(row["title"] and row["sentence"] for row in rows)


@pytest.mark.parametrize(
    "path", ["/api/v3/nothing", "/api/v3", "/nothing", "/_sandbox/../personas.json", "/login/oauth/x"]
)
def test_what_is_not_served_is_not_found(client: Client, path: str) -> None:
    assert client.ask(path).status == 404


def test_an_unknown_method_is_not_found(client: Client) -> None:
    assert client.api("/users/quillon-marsh", "DELETE").status == 404


def test_a_body_too_large_is_refused(client: Client) -> None:
    assert client.ask("/_sandbox/faults", "POST", content_length="99999999").status == 413


def test_each_start_has_a_world_of_its_own() -> None:
    first, second = start(), start()
    try:
        first.world.delete_account("quillon-marsh")
        assert Client(second.url).api("/users/quillon-marsh").status == 200
    finally:
        first.stop()
        second.stop()
    first.stop()
    with pytest.raises(ConnectionRefusedError):
        Client(second.url).ask("/")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bigcode_optout.sandbox", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)


def test_the_command_serves_its_personas_until_it_is_stopped(tmp_path: Path) -> None:
    own = tmp_path / "world.json"
    own.write_text(DEFAULT_PATH.read_text(encoding="utf-8").replace("pemberly-quiet", "pemberly-loud"))
    command = [sys.executable, "-u", "-m", "bigcode_optout.sandbox", "--port", "0", "--personas", str(own)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[3]
        with urllib.request.urlopen(f"{url}/api/v3/users/Pemberly-Loud", timeout=5) as answer:
            assert json.load(answer)["login"] == "pemberly-loud"
        os.kill(process.pid, signal.SIGTERM)
        _, errors = process.communicate(timeout=10)
        assert (process.returncode, errors) == (0, "")
    finally:
        process.kill()


def test_the_command_refuses_another_host() -> None:
    finished = run("--host", "0.0.0.0")
    assert finished.returncode == 2
    assert "127.0.0.1 only" in finished.stderr


def test_the_command_says_when_the_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        finished = run("--port", str(taken.getsockname()[1]))
    assert finished.returncode == 1
    assert "cannot listen" in finished.stderr


def test_it_stands_apart_from_everything_of_ours() -> None:
    code = (
        "import sys, bigcode_optout.sandbox.__main__; "
        "known = {'django', 'celery', 'requests', 'pyarrow', 'duckdb'}; "
        "ours = {n for n in sys.modules if n.startswith('bigcode_optout.') and '.sandbox' not in n}; "
        "print(sorted(known & set(sys.modules)) + sorted(ours))"
    )
    finished = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert finished.stdout.strip() == "[]", finished.stderr

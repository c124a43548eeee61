"""``python -m bigcode_optout.sandbox.demo``: the whole desk on one machine, with the stand-in for GitHub.

PORT (8000) is the site's, SANDBOX_PORT (PORT + 1) the stand-in's, DATA_DIR (./data) keeps everything between two runs.
"""

import fcntl
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .demo_processes import Child, Children, EndedError
from .demo_setup import ROOT, SetupError, prepare
from .demo_words import welcome

START_SECONDS = 60.0
LOOPBACK = "127.0.0.1"


class StartError(Exception):
    """Something outside is in the way; the text says what to do."""


def main() -> int:
    """Run until SIGINT, SIGTERM or SIGHUP; exit code 0 then, 1 when something is in the way or has ended."""
    # A shell that starts us in the background lets us ignore SIGINT; whoever sends it still means it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    os.chdir(ROOT)
    try:
        return _run()
    except (StartError, SetupError, EndedError) as problem:
        print(problem, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 0


def _run() -> int:
    port, sandbox_port = ports()
    data = Path(os.environ.get("DATA_DIR") or ROOT / "data").resolve()
    # Rows of sessions are log-ins, and mails are letters: for the owner of the folder alone.
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data / "logs").mkdir(exist_ok=True)
    with _only_demo_on(data):
        for name, number in (("PORT", port), ("SANDBOX_PORT", sandbox_port)):
            _require_free(name, number)
        environment = environment_for(data, port, sandbox_port)
        print(f"Preparing {data}", flush=True)
        staff = prepare(environment)
        children = Children(_children(data, port, sandbox_port, environment))
        try:
            children.start()
            _wait_until_it_answers(children, f"http://{LOOPBACK}:{port}/healthz")
            print(welcome(port=port, sandbox_port=sandbox_port, data=data, staff=staff), flush=True)
            while True:
                for name in children.look_after():
                    print(f"{name} had ended and was started again.", flush=True)
                time.sleep(0.5)
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            print("\nStopping.", flush=True)
            children.stop()
            print("Stopped. Everything is kept; `make demo` goes on where you were.", flush=True)


def ports() -> tuple[int, int]:
    """The site's port and the stand-in's. Raises StartError for what is no port."""
    numbers: list[int] = []
    for name, usual in (("PORT", 8000), ("SANDBOX_PORT", None)):
        text = os.environ.get(name) or str(usual or numbers[0] + 1)
        if not text.isascii() or not text.isdecimal() or not 0 < int(text) < 65536:
            raise StartError(f"{name} is {text}: a port is a number from 1 to 65535.")
        numbers.append(int(text))
    return numbers[0], numbers[1]


def _require_free(name: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            raise StartError(
                f"Port {port} is taken by another program. Choose another one: make demo {name}={port + 100}"
            ) from None


@contextmanager
def _only_demo_on(data: Path) -> Iterator[None]:
    """Two demos on one data folder would share a worker's messages. The kernel lets the lock go when we die."""
    with (data / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StartError(
                f"A demo is running on {data} already. Stop it, or choose another DATA_DIR."
            ) from None
        yield


def environment_for(data: Path, port: int, sandbox_port: int) -> dict[str, str]:
    """The caller's environment with the demo's own places.

    PostgreSQL and Redis are DEMO_DATABASE_URL and DEMO_REDIS_URL: a DATABASE_URL of something else is not touched.
    """
    return dict(os.environ) | {
        "DJANGO_SETTINGS_MODULE": "bigcode_optout.settings.embedded",
        "DATA_DIR": str(data),
        "DATABASE_URL": os.environ.get("DEMO_DATABASE_URL", ""),
        "REDIS_URL": os.environ.get("DEMO_REDIS_URL", ""),
        "SITE_URL": f"http://localhost:{port}",
        # Another host name than the site's: cookies know hosts, not ports.
        "GITHUB_URL": f"http://{LOOPBACK}:{sandbox_port}",
        "GITHUB_CLIENT_ID": "sandbox-client",
        "GITHUB_CLIENT_SECRET": "sandbox-secret",
        "EXCLUSION_SIGNING_KEY": "",
        "EXCLUSION_SIGNING_KEY_FILE": str(data / "keys" / "signing-key.pem"),
        "WEB_PROCESSES": "1",
        "PYTHONUNBUFFERED": "1",
    }


def _children(data: Path, port: int, sandbox_port: int, environment: dict[str, str]) -> list[Child]:
    """The four processes. Worker and beat are started again when they end: a killed worker is part of the story."""
    celery = ["celery", "--app", "bigcode_optout.celery"]
    commands = {
        "github": ["bigcode_optout.sandbox", "--port", str(sandbox_port)],
        "web": [
            *(
                "gunicorn",
                "bigcode_optout.wsgi:application",
                "--bind",
                f"{LOOPBACK}:{port}",
                "--workers",
                "1",
            ),
            *("--threads", "8", "--graceful-timeout", "3", "--no-control-socket"),
        ],
        "worker": [
            *celery,
            "worker",
            "--concurrency",
            "2",
            "--without-gossip",
            "--without-mingle",
        ],
        "beat": [
            *celery,
            "beat",
            "--schedule",
            str(data / "beat-schedule"),
            "--pidfile=",
        ],
    }
    return [
        Child(
            name=name,
            command=[sys.executable, "-m", *command],
            environment=environment,
            log_path=data / "logs" / f"{name}.log",
            is_replaceable=name in ("worker", "beat"),
        )
        for name, command in commands.items()
    ]


def _wait_until_it_answers(children: Children, address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        children.look_after()
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    logs = children.children[0].log_path.parent
    raise StartError(f"The site did not answer within {START_SECONDS:.0f} seconds. See {logs}.")


if __name__ == "__main__":
    sys.exit(main())

"""Real processes for tests: started, waited for, stopped; with databases of their own where services are wanted."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import redis

from bigcode_optout.sandbox.demo import environment_for
from tests import services

ROOT = Path(__file__).resolve().parents[2]
READY = "Ctrl-C stops everything"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(holds: Callable[[], object], *, seconds: float = 60, what: str = "it") -> None:
    """Ask again and again; fail after so many seconds. A busy machine needs many, and may have them."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} seconds"
        time.sleep(0.05)


class Process:
    """One process in a group of its own, with its output in a file."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log_path: Path) -> None:
        self.log_path = log_path
        with log_path.open("ab") as log:
            self.popen = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        """What it said so far."""
        return self.log_path.read_text(errors="replace")

    def wait_for(self, words: str, *, seconds: float = 60) -> None:
        """Wait until it has said the words; fail when it ends before."""

        def said() -> bool:
            assert words in self.output or self.popen.poll() is None, self.output
            return words in self.output

        wait_until(said, seconds=seconds, what=f"“{words}” in {self.log_path.name}:\n{self.output}")

    def stop(self, number: int = signal.SIGTERM, *, seconds: float = 20) -> int:
        """Ask the process alone to end; its exit code. Whatever is left of its group then is killed."""
        if self.popen.poll() is None:
            self.popen.send_signal(number)
        try:
            return self.popen.wait(seconds)
        finally:
            self.kill()

    def kill(self) -> None:
        """SIGKILL to it and everything it started, at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()


@contextmanager
def fresh_database(template: str = "template1") -> Iterator[str]:
    """The URL of a PostgreSQL database, dropped afterwards: empty, or a copy of another."""
    name = f"optout_{secrets.token_hex(6)}"
    admin = psycopg2.connect(services.POSTGRES_URL)
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield urlsplit(services.POSTGRES_URL)._replace(path=f"/{name}").geturl()
    finally:
        with admin.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        admin.close()


@contextmanager
def spare_redis() -> Iterator[str]:
    """The URL of a Redis database that nobody uses, emptied afterwards. Parallel tests take different ones."""
    for number in range(14, 0, -1):
        url = urlsplit(services.REDIS_URL)._replace(path=f"/{number}").geturl()
        client = redis.Redis.from_url(url)
        if client.dbsize() == 0 and client.set("taken-by-a-test", "1", nx=True, ex=900):
            try:
                yield url
            finally:
                client.flushdb()
                client.close()
            return
        client.close()
    raise RuntimeError("no Redis database is free")


class RunningDemo:
    """`make demo` without its installing: on free ports, with its own data folder.

    Where DATABASE_URL and REDIS_URL are set, it runs on databases of its own on those servers, PostgreSQL's a copy of
    `template`.
    """

    def __init__(self, data_dir: Path, *, template: str = "template1") -> None:
        self.data_dir = data_dir
        self._template = template
        port, sandbox_port = free_port(), free_port()
        self.url = f"http://localhost:{port}"
        self.sandbox_url = f"http://127.0.0.1:{sandbox_port}"
        self.own = {
            "PORT": str(port),
            "SANDBOX_PORT": str(sandbox_port),
            "DATA_DIR": str(data_dir),
            # All visitors of a test come from one address.
            "RATE_LIMIT_LOOK_UP": "10000/minute",
            "RATE_LIMIT_SIGN_IN": "10000/minute",
            "RATE_LIMIT_SUBMISSION": "10000/hour",
        }
        # Of the desk's staff, by role, as the browser keeps them.
        self.staff_sessions: dict[str, object] = {}
        self._exits = ExitStack()
        self.process: Process | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What the site's own processes have in their environment, for management commands beside them."""
        port, sandbox_port = int(self.own["PORT"]), int(self.own["SANDBOX_PORT"])
        found = environment_for(self.data_dir, port, sandbox_port) | self.own
        return found | {
            "DATABASE_URL": self.own.get("DEMO_DATABASE_URL", ""),
            "REDIS_URL": self.own.get("DEMO_REDIS_URL", ""),
        }

    def start(self) -> Process:
        """Start it and wait until it says that it runs."""
        log_path = self.data_dir.with_name(f"{self.data_dir.name}-{secrets.token_hex(3)}.log")
        self.process = Process([sys.executable, "-m", "bigcode_optout.sandbox.demo"], self.own, log_path)
        self.process.wait_for(READY, seconds=110)
        return self.process

    def __enter__(self) -> "RunningDemo":
        if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
            self.own["DEMO_DATABASE_URL"] = self._exits.enter_context(fresh_database(self._template))
            self.own["DEMO_REDIS_URL"] = self._exits.enter_context(spare_redis())
        try:
            self.start()
        except BaseException:
            # Whoever does not get in is not let out either: nothing may be left running.
            self._stop()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._stop()

    def _stop(self) -> None:
        with self._exits:
            if self.process is not None:
                self.process.stop(signal.SIGINT)

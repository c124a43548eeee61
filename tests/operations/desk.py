"""A desk of processes for tests: its environment, commands beside it, and its rows as they stand."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2

from tests.operations.running import ROOT, Process, wait_until

CELERY = [sys.executable, "-m", "celery", "--app", "bigcode_optout.celery"]
SAMPLE = ROOT / "bigcode_optout" / "sandbox" / "dataset"


class ProcessDesk:
    """What the tests start and ask. `environment` decides which settings, database and broker it has."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = dict(environment)
        self.processes: list[Process] = []

    def run(self, *arguments: str, **changes: str) -> str:
        """Run `python …` in the desk's environment; it must succeed. Gives its standard output."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment, **changes},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def prepare(self) -> None:
        """Tables, and the index of the sample's newest version."""
        self.run("manage.py", "migrate", "--noinput", "--verbosity", "0")
        names = ("--dataset", "the-stack", "--version", "v2.1", "--schema", "v2", "--data-date", "2023-09-06")
        self.run("manage.py", "build_index", *names, str(SAMPLE / "v2.1"))

    def submit(
        self, login: str, github_id: int, *flags: str, email: str = "a@example.org", **changes: str
    ) -> Any:
        """Somebody signs in and submits; gives id, reference and how many seconds it took."""
        text = self.run("-m", "tests.operations.submit", login, str(github_id), email, *flags, **changes)
        return json.loads(text.splitlines()[-1])

    def start(self, command: list[str], name: str, **changes: str) -> Process:
        """Start a process that ends with the test."""
        log_path = self.folder / f"{name}-{len(self.processes)}.log"
        process = Process(command, {**self.environment, **changes}, log_path)
        self.processes.append(process)
        return process

    def start_worker(self, **changes: str) -> Process:
        """A worker with its timers, as soon as it is ready."""
        timers = ("--beat", "--schedule", str(self.folder / f"schedule-{len(self.processes)}"))
        options = ("--concurrency", "2", "--without-gossip", "--without-mingle")
        worker = self.start([*CELERY, "worker", *options, *timers], "worker", **changes)
        worker.wait_for("ready.")
        return worker

    def stop(self) -> None:
        """Kill what is left."""
        for process in self.processes:
            process.kill()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query gives; `?` stands for a value. Statements that change rows are committed."""
        url = self.environment.get("DATABASE_URL")
        connection = (
            psycopg2.connect(url)
            if url
            else sqlite3.connect(Path(self.environment["DATA_DIR"]) / "desk.sqlite3", timeout=30)
        )
        with closing(connection), connection:
            cursor = connection.cursor()
            cursor.execute(query.replace("?", "%s") if url else query, values)
            return cursor.fetchall() if cursor.description else []

    def state(self, request_id: int) -> str:
        """Where the request stands."""
        return self.rows("SELECT state FROM removals_removalrequest WHERE id = ?", request_id)[0][0]

    def wait_for_state(self, request_id: int, *states: str, seconds: float = 60) -> None:
        """Wait until the request stands in one of the states."""
        logs = lambda: "\n".join(process.output[-3000:] for process in self.processes)  # noqa: E731
        try:
            wait_until(lambda: self.state(request_id) in states, seconds=seconds, what=f"a state of {states}")
        except AssertionError as error:
            raise AssertionError(f"{error}; it is {self.state(request_id)}\n{logs()}") from None

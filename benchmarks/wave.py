"""`python -m benchmarks.wave [REQUESTS [HOURLY [SECONDS]]]`: how long a wave takes until all is decided or queued.

Real parts: PostgreSQL and Redis where the tests look for them, one worker with two processes and the timers, the
stand-in as a process of its own. HOURLY is GitHub's budget (default: practically none), SECONDS how
long such an hour lasts; the order that was kept is told as `displaced`.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from tests import services
from tests.operations.running import Process, free_port

UNLIMITED = 100_000_000
DATABASE = "optout_wave"
LONGEST_SECONDS = 3600


@contextmanager
def new_database() -> Iterator[str]:
    """An empty database, gone afterwards; its URL."""
    connection = psycopg2.connect(services.POSTGRES_URL)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    try:
        yield urlsplit(services.POSTGRES_URL)._replace(path=f"/{DATABASE}").geturl()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.close()


def manage(environment: Mapping[str, str], *arguments: str) -> str:
    """A management command's output."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def measure(requests: int, hourly: int, hour_seconds: int, folder: Path) -> dict[str, object]:
    """Send a wave and wait until nothing is on its way any more, or nothing moves for a minute."""
    with new_database() as database:
        port = free_port()
        environment = {
            "DATABASE_URL": database,
            "REDIS_URL": services.REDIS_URL,
            "DATA_DIR": str(folder / "data"),
            "GITHUB_URL": f"http://127.0.0.1:{port}",
            "GITHUB_CLIENT_ID": "sandbox-client",
            "GITHUB_CLIENT_SECRET": "sandbox-secret",
            "DJANGO_SETTINGS_MODULE": "bigcode_optout.settings.embedded",
        }
        wave = str(folder / "wave")
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "generate_wave", wave, "--requests", str(requests))
        budget = ["--hourly", str(hourly), "--hour-seconds", str(hour_seconds)]
        python = [sys.executable, "-m"]
        sandbox = [*python, "bigcode_optout.sandbox", "--personas", f"{wave}/world.json", "--port", str(port)]
        celery = [
            *python,
            "celery",
            "--app",
            "bigcode_optout.celery",
            "worker",
            "--beat",
            "--concurrency",
            "2",
        ]
        celery += ["--schedule", str(folder / "beat"), "--without-gossip", "--without-mingle"]
        processes = [Process([*sandbox, *budget], environment, folder / "sandbox.log")]
        try:
            processes[0].wait_for("GitHub stand-in on")
            processes.append(Process(celery, environment, folder / "worker.log"))
            processes[1].wait_for("ready.")
            began = time.monotonic()
            manage(environment, "generate_wave", wave)
            sent = time.monotonic() - began
            outcome = _wait(environment, wave, database)
            seconds = time.monotonic() - began
        finally:
            for process in reversed(processes):
                process.kill()
    return {"seconds": round(seconds, 1), "sending_seconds": round(sent, 1), **outcome}


def _wait(environment: Mapping[str, str], wave: str, database: str) -> dict[str, object]:
    last, still = -1, time.monotonic()
    deadline = time.monotonic() + LONGEST_SECONDS
    with psycopg2.connect(database) as connection:
        while time.monotonic() < deadline and time.monotonic() - still < 60:
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM removals_removalrequest WHERE state = 'submitted'")
                [(waiting,)] = cursor.fetchall()
            connection.rollback()
            if waiting != last:
                last, still = waiting, time.monotonic()
            if not waiting:
                break
            time.sleep(0.5)
    outcome: dict[str, object] = json.loads(manage(environment, "generate_wave", wave, "--compare", "--json"))
    return outcome


def main() -> None:
    """Print one JSON object."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    hourly = int(sys.argv[2]) if len(sys.argv) > 2 else UNLIMITED
    hour_seconds = int(sys.argv[3]) if len(sys.argv) > 3 else 3600
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        print(json.dumps(measure(requests, hourly, hour_seconds, Path(folder)), indent=2))


if __name__ == "__main__":
    main()

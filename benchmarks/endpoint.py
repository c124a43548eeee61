"""The look-up for programs, beside a bare view under the same middleware and limiter, through the WSGI application.

A process of its own (`python -m benchmarks.endpoint INDEX`, owners on stdin, seconds on stdout), because Django takes
its settings once. Its database is SQLite in a temporary folder, with INDEX registered as the only version.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

_ROUNDS = 5


@dataclass(frozen=True)
class Served:
    """Milliseconds a call, medians of rounds that took turns."""

    bare_ms: float
    look_up_ms: float


def measure_endpoint(index: Path, owners: list[str], *, redis_url: str = "") -> Served:
    """Call both for every owner, after one round to warm up; calls are counted in Redis, or in memory without one."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "bigcode_optout.settings.embedded",
            "RATE_LIMIT_LOOK_UP": "1000000000/minute",
            "DATABASE_URL": "",
            "REDIS_URL": redis_url,
        }
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.endpoint", str(index.resolve())],
            input="\n".join(owners),
            capture_output=True,
            text=True,
            env=environment,
            check=True,
        )
    return Served(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Register, warm up, measure, print."""
    application = _application(Path(sys.argv[1]))
    owners = sys.stdin.read().split()
    taken: dict[str, list[float]] = {"bare_ms": [], "look_up_ms": []}
    for round_number in range(_ROUNDS + 1):
        for name, path in (("bare_ms", "/bare"), ("look_up_ms", "/api/v1/look-up")):
            started = time.perf_counter()
            for owner in owners:
                _call(application, path, owner)
            if round_number:
                taken[name].append((time.perf_counter() - started) / len(owners) * 1_000)
    print(json.dumps({name: median(rounds) for name, rounds in taken.items()}))


def _application(index: Path) -> Any:
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    settings.ROOT_URLCONF = "benchmarks.endpoint_urls"
    settings.INDEX_DIR = index.parent
    settings.LOGGING_CONFIG = None
    django.setup()
    call_command("migrate", verbosity=0)

    from bigcode_optout.catalog.services import _register
    from bigcode_optout.core import clock
    from bigcode_optout.datasetindex import open_index

    with open_index(index) as opened:
        manifest = opened.manifest
    _register(path=Path(index.name), manifest=manifest, began_at=clock.now())
    return get_wsgi_application()


def _call(application: Any, path: str, owner: str) -> None:
    status: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": f"name={owner}",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": sys.stdin.buffer,
        "wsgi.errors": sys.stderr,
    }
    response = application(environ, lambda line, headers, error=None: status.append(line))
    body = b"".join(response)
    response.close()
    assert status[0].startswith("200"), f"{path} for {owner}: {status[0]} {body[:200]!r}"


if __name__ == "__main__":
    main()

"""A release with many parts, on PostgreSQL: how long each step of it takes, with how many queries.

    python -m benchmarks.publishing [PARTS]

Makes a database beside TEST_POSTGRES_URL, fills it with accepted requests of one part each (default 20,000), all with
an address for mails, takes a release from the freeze to its last fulfilled request, drops the database, and appends
a section to docs/benchmarks.md.
"""

import os
import secrets
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import django
import psycopg2

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL") or "postgresql://postgres@127.0.0.1:5432/postgres"


def main(parts: int = 20_000) -> None:
    """Fill, measure, print, write."""
    admin = psycopg2.connect(urlsplit(POSTGRES_URL)._replace(path="/postgres").geturl(), connect_timeout=3)
    admin.autocommit = True
    name = f"optout_bench_{secrets.token_hex(4)}"
    with admin.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        os.environ |= {
            "DATABASE_URL": urlsplit(POSTGRES_URL)._replace(path=f"/{name}").geturl(),
            "REDIS_URL": "",
            "DJANGO_SETTINGS_MODULE": "bigcode_optout.settings.test",
            "LOG_LEVEL": "ERROR",
        }
        django.setup()
        text = measure(parts)
    finally:
        with admin.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    from benchmarks.page import PAGE

    PAGE.write_text(PAGE.read_text(encoding="utf-8").rstrip() + "\n\n" + text, encoding="utf-8")
    print(text, flush=True)


def measure(parts: int) -> str:
    """Everything, in the database of the settings; returns the section."""
    from django.conf import settings
    from django.core.management import call_command

    from benchmarks.page import machine
    from benchmarks.queue_rows import fill
    from bigcode_optout.accounts.models import User
    from bigcode_optout.releases import fulfilling, publishing, services, verifying
    from bigcode_optout.removals.models import RemovalRequest
    from tests.builders import the_stack
    from tests.releases.proving import as_bytes, report_of

    call_command("migrate", verbosity=0)
    # Of a hundred generated requests 72 are accepted.
    reviewer = User.objects.create_user("e.thorne", is_staff=True)
    fill(request_count=-(-parts * 100 // 72), located_mean=2, reviewers=[reviewer])
    RemovalRequest.objects.filter(state="accepted").update(email="somebody@example.org")
    settings.FULFIL_RUN_SECONDS = 3600
    steps: list[tuple[str, float, int]] = []
    release = services.plan(dataset=the_stack(), name="v3.1")
    for name, step in (("freeze", services.freeze), ("hand over", services.hand_over)):
        release = _measured(steps, name, partial(step, release_id=release.pk, by=None))
    for schema in ("v3", "commits"):
        report = as_bytes(report_of(release, schema=schema))
        verifying.record(release_id=release.pk, report=report, by=None)
    publication = _measured(
        steps,
        "publish",
        partial(publishing.publish, release_id=release.pk, version="v3.1", by=None, with_bell=False),
    )
    done = _measured(steps, "fulfil", partial(fulfilling.work, publication_id=publication.pk))
    rows = "\n".join(f"| {name} | {seconds:,.1f} s | {queries:,} |" for name, seconds, queries in steps)
    return f"""## A release with {done.fulfilled_count:,} parts, {datetime.now(UTC):%Y-%m-%d}

{machine()} PostgreSQL; a request for each part, a mail to each. Fulfilling holds {settings.FULFIL_BATCH} requests at
a time.

| step | | queries |
|---|---|---|
{rows}
"""


def _measured(steps: list[tuple[str, float, int]], name: str, run: Callable[[], Any]) -> Any:
    from django.db import connection

    count = 0

    def counted(execute: Any, *arguments: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*arguments)

    started = time.perf_counter()
    with connection.execute_wrapper(counted):
        answer = run()
    steps.append((name, time.perf_counter() - started, count))
    return answer


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

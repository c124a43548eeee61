"""The desk with a full queue, on PostgreSQL: how long each page takes, and with how many queries.

`python -m benchmarks.queue` makes a database beside TEST_POSTGRES_URL, fills it, calls the pages as a senior
reviewer in a process of its own, drops it, and appends a section to docs/benchmarks.md. BENCH_REQUESTS (default
50,000) and BENCH_LOCATED (default 5,000,000) say how full. Without PostgreSQL it says so and measures nothing.
"""

import json
import os
import secrets
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg2

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL") or "postgresql://postgres@127.0.0.1:5432/postgres"
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "50000"))
LOCATED = int(os.environ.get("BENCH_LOCATED", "5000000"))


def measure_queue() -> str:
    """The section for the page; empty where there is no PostgreSQL."""
    try:
        admin = psycopg2.connect(POSTGRES_URL, connect_timeout=3)
    except psycopg2.OperationalError:
        print("PostgreSQL is missing: the queue is left out.", flush=True)
        return ""
    admin.autocommit = True
    name = f"optout_bench_{secrets.token_hex(4)}"
    with admin.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        return _measure(urlsplit(POSTGRES_URL)._replace(path=f"/{name}").geturl())
    finally:
        with admin.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        admin.close()


def _measure(url: str) -> str:
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "REDIS_URL": "",
        "DJANGO_SETTINGS_MODULE": "bigcode_optout.settings.test",
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "benchmarks.queue_pages", str(REQUESTS), str(LOCATED)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return section(json.loads(done.stdout.splitlines()[-1]))


def section(measured: dict) -> str:
    """The section of one run."""
    rows = "\n".join(
        f"| {page['name']} | {page['milliseconds']:,.0f} ms | {page['slowest']:,.0f} ms | {page['queries']} |"
        for page in measured["pages"]
    )
    audit = measured["audit"]
    full = f"{measured['requests']:,} requests and {measured['located']:,} located repositories"
    return f"""## The desk with {full}, {measured["day"]}

{measured["machine"]} PostgreSQL {measured["postgres"]}. Each page through the whole site, {measured["rounds"]} times
after one to warm up; goal: median under 300 ms and under 20 queries.

| page | median | slowest | queries |
|---|---|---|---|
{rows}

`manage.py verify_audit` reads all {audit["events"]:,} events again in {audit["seconds"]:.1f} s, in a process of at most
{audit["megabytes"]:,.0f} MB.
"""


def main() -> None:
    """Measure, print, write."""
    from benchmarks.page import PAGE

    found = measure_queue()
    if found:
        PAGE.write_text(PAGE.read_text(encoding="utf-8").rstrip() + "\n\n" + found, encoding="utf-8")
        print(found, flush=True)


if __name__ == "__main__":
    main()

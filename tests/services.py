"""Which services the tests can use here: PostgreSQL, Redis, a Chromium, Spark. No Django.

`python -m tests.services` says what was found; `--environment` prints DATABASE_URL and REDIS_URL for the second run of
`make test`, or nothing when one of them is missing. With REQUIRE_SERVICES=1 a missing one is a failure (exit code 1).
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import redis

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL") or "postgresql://postgres@127.0.0.1:5432/postgres"
REDIS_URL = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379/15"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Service:
    """What was looked for, and why it cannot be used (empty when it can)."""

    name: str
    where: str
    problem: str = ""

    @property
    def is_there(self) -> bool:
        """True when tests can use it."""
        return not self.problem


def are_required() -> bool:
    """True when a missing service is a failure, as in CI."""
    return os.environ.get("REQUIRE_SERVICES", "") not in ("", "0")


@cache
def postgres() -> Service:
    """PostgreSQL at TEST_POSTGRES_URL, by a role that may create databases."""
    try:
        connection = psycopg2.connect(POSTGRES_URL, connect_timeout=3)
    except psycopg2.OperationalError as error:
        return Service("PostgreSQL", POSTGRES_URL, str(error).strip().splitlines()[0])
    try:
        version = str(connection.info.server_version // 10000)
    finally:
        connection.close()
    return Service("PostgreSQL", f"{POSTGRES_URL} (version {version})")


@cache
def redis_server() -> Service:
    """Redis at TEST_REDIS_URL. The tests empty that database."""
    client = redis.Redis.from_url(REDIS_URL, socket_connect_timeout=3, socket_timeout=3)
    try:
        version = client.info("server")["redis_version"]
    except redis.RedisError as error:
        return Service("Redis", REDIS_URL, str(error))
    finally:
        client.close()
    return Service("Redis", f"{REDIS_URL} (version {version})")


@cache
def chromium() -> Service:
    """The browser of the environment's CHROMIUM, else the first one that is installed."""
    chosen = os.environ.get("CHROMIUM", "")
    if chosen:
        return Service("Chromium", chosen, "" if Path(chosen).is_file() else "CHROMIUM names no file")
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return (
        Service("Chromium", found, "")
        if found
        else Service("Chromium", "", f"none of {', '.join(BROWSERS)} is installed")
    )


@cache
def spark() -> Service:
    """PySpark, and the Java of JAVA_HOME or the search path."""
    if find_spec("pyspark") is None:
        return Service("Spark", "", "PySpark is not installed")
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    try:
        said = subprocess.run([java or "java", "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError) as error:
        return Service("Spark", "", f"Java does not run: {error}")
    return Service("Spark", f"PySpark with {said.splitlines()[0]}")


@cache
def postgres_client() -> Service:
    """PostgreSQL's own programs, with which a backup is made."""
    found = shutil.which("pg_dump")
    return Service("pg_dump", found or "", "" if found else "PostgreSQL's client programs are not installed")


# By the marker of the tests that need it.
BY_MARKER = {"postgres": postgres, "redis": redis_server, "browser": chromium, "spark": spark}


def production_like() -> Mapping[str, str]:
    """DATABASE_URL and REDIS_URL of the services found; empty unless both are there."""
    if not (postgres().is_there and redis_server().is_there):
        return {}
    return {"DATABASE_URL": POSTGRES_URL, "REDIS_URL": REDIS_URL}


def main() -> int:
    """Say what was found, or print the environment."""
    if "--environment" in sys.argv[1:]:
        print(" ".join(f"{name}={value}" for name, value in production_like().items()))
        return 0
    missing = 0
    for look in (*BY_MARKER.values(), postgres_client):
        service = look()
        missing += not service.is_there
        print(f"{service.name}: {service.where if service.is_there else f'left out: {service.problem}'}")
    if missing and are_required():
        print("REQUIRE_SERVICES is set, so this is a failure.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

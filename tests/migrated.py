"""A database with all tables, made once for a run of tests and then copied: migrating an empty one takes five seconds.

Whoever begins with a copy still runs `migrate`, which finds nothing left to do. The composed services and the first
demo of `tests/operations` migrate empty databases, as on a new machine.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from tests import services

ROOT = Path(__file__).resolve().parents[1]
IS_ONE_OF_SEVERAL = "PYTEST_XDIST_WORKER" in os.environ
# Named for the process that the others of this run belong to.
TEMPLATE = f"optout_template_{os.getppid() if IS_ONE_OF_SEVERAL else os.getpid()}"


def copy_sqlite(factory: pytest.TempPathFactory, data: Path) -> None:
    """Into a data folder that does not exist yet, as its database."""
    data.mkdir(mode=0o700)
    shutil.copy(sqlite_file(factory), data / "desk.sqlite3")


def sqlite_file(factory: pytest.TempPathFactory) -> Path:
    """The file, to be copied."""
    folder = _shared(factory) / "migrated"
    with _alone(factory):
        if not folder.exists():
            making = folder.with_name("migrating")
            _migrate(making, "")
            making.rename(folder)
    return folder / "desk.sqlite3"


def postgres_template(factory: pytest.TempPathFactory) -> str:
    """The database's name, for `CREATE DATABASE … TEMPLATE`."""
    made = _shared(factory) / TEMPLATE
    with _alone(factory):
        if not made.exists():
            say(f"CREATE DATABASE {TEMPLATE}")
            url = urlsplit(services.POSTGRES_URL)._replace(path=f"/{TEMPLATE}").geturl()
            _migrate(made.with_name("migrating"), url)
            made.touch()
    return TEMPLATE


def drop_template() -> None:
    """At the end of the run."""
    say(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")


def say(statement: str) -> None:
    """Run one statement at PostgreSQL, outside any transaction."""
    with closing(psycopg2.connect(services.POSTGRES_URL)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)


def _shared(factory: pytest.TempPathFactory) -> Path:
    own = factory.getbasetemp()
    return own.parent if IS_ONE_OF_SEVERAL else own


@contextmanager
def _alone(factory: pytest.TempPathFactory) -> Iterator[None]:
    """One process at a time: the others wait for what it makes."""
    with (_shared(factory) / "migrating.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(data: Path, url: str) -> None:
    own = {"DATA_DIR": str(data), "DATABASE_URL": url, "REDIS_URL": ""}
    settings = {"DJANGO_SETTINGS_MODULE": "bigcode_optout.settings.embedded"}
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={**os.environ, **own, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr

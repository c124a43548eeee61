"""Dump and restore the configured database, by the tools that its makers give for it."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from bigcode_optout.core.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Way:
    """How one engine is dumped into the file `name` and restored from it."""

    name: str
    dump: Callable[[Path], None]
    restore: Callable[[Path], None]


def _dump_sqlite(target: Path) -> None:
    # SQLite's own backup: a moment's whole state, also while others write.
    connection.ensure_connection()
    copy = sqlite3.connect(target)
    try:
        connection.connection.backup(copy)
    except sqlite3.Error as error:
        raise Unavailable("database_tool_failed", f"The database could not be dumped: {error}.") from error
    finally:
        copy.close()


def _restore_sqlite(source: Path) -> None:
    connection.ensure_connection()
    kept = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
    try:
        kept.backup(connection.connection)
    finally:
        kept.close()
    connection.close()


def _dump_postgresql(target: Path) -> None:
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def _restore_postgresql(source: Path) -> None:
    connection.close()
    name = f"--dbname={connection.settings_dict['NAME']}"
    # All or nothing: a restore that stops half-way must not leave half a desk.
    _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", name, str(source))


def _run(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise Unavailable(
            "no_client_tools", f"{program} is not installed here; PostgreSQL’s client tools have it."
        )
    done = subprocess.run(  # noqa: S603 - our own words; the program was looked up
        [found, *arguments], env=_environment(), capture_output=True, text=True
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise Unavailable("database_tool_failed", f"{program} failed: {lines[0]}")


def _environment() -> Mapping[str, str]:
    """The password goes by the environment: an argument could be read by everybody on the machine."""
    settings = connection.settings_dict
    names = {
        "HOST": "PGHOST",
        "PORT": "PGPORT",
        "USER": "PGUSER",
        "PASSWORD": "PGPASSWORD",
        "NAME": "PGDATABASE",
    }
    told = {variable: str(settings[name]) for name, variable in names.items() if settings.get(name)}
    return os.environ | told


WAYS: Mapping[str, Way] = {
    "sqlite": Way("database.sqlite3", _dump_sqlite, _restore_sqlite),
    "postgresql": Way("database.pgdump", _dump_postgresql, _restore_postgresql),
}


def way() -> Way:
    """The way of the configured engine."""
    return WAYS[connection.vendor]

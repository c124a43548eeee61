"""A read-only DuckDB connection that can read the files of one index and nothing else."""

import glob
import os
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb

from .engine import FAILURES, Config, quoted
from .errors import IndexBroken, unreadable
from .rows import COLUMNS

REPOSITORIES = "repositories"


class Connections:
    """Cursors on the Parquet files of an index, as the view `repositories`; safe in threads and after a fork.

    DuckDB's threads do not survive a fork, so the connection is opened on first use in each process. It may
    read these files and nothing else, and its settings are locked.
    """

    def __init__(self, files: Sequence[Path], *, memory_limit: str, threads: int) -> None:
        self._files = [file.resolve() for file in files]
        self._memory_limit = memory_limit
        self._threads = threads
        self._is_closed = False
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._columns: dict[str, str] = {}
        # Kept, never touched: closing a connection from before the fork would wait for threads that are gone.
        self._inherited: list[duckdb.DuckDBPyConnection] = []
        self._lock = threading.Lock()
        _alive.add(self)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor for one call, to be closed afterwards; raises IndexBroken if a file is gone."""
        with self._lock:
            if self._is_closed:
                raise IndexBroken(f"The index {self._files[0].parent.parent} was closed.")
            if self._connection is None:
                self._connection = self._connect()
            return self._connection.cursor()

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a cursor for one call; raises IndexBroken if a file is gone or turns out to be damaged."""
        with closing(self.cursor()) as cursor:
            try:
                yield cursor
            except FAILURES as error:
                raise unreadable(self._files[0].parent, error) from None

    def bucket(self, number: int) -> str:
        """Return SQL for the rows of one bucket, with the columns of the view; after the first cursor."""
        return f"(SELECT {', '.join(self._columns.values())} FROM {_scan([self._files[number]])})"  # noqa: S608 - our own paths

    def forget_after_fork(self) -> None:
        """Begin anew in a child process, whatever the parent's threads were doing."""
        self._lock = threading.Lock()
        if self._connection is not None:
            self._inherited.append(self._connection)
            self._connection = None

    def close(self) -> None:
        """Close this process's connection; cursors that are still read go on to their end."""
        with self._lock:
            self._is_closed = True
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _connect(self) -> duckdb.DuckDBPyConnection:
        config: Config = {
            "memory_limit": self._memory_limit,
            "threads": self._threads,
            "autoinstall_known_extensions": False,
            "python_enable_replacements": False,
        }
        connection = duckdb.connect(":memory:", config=config)
        try:
            connection.execute("SET parquet_metadata_cache = true")
            self._columns = _columns_of(connection, self._files[0])
            # Our own paths and columns; DuckDB binds no values in a view.
            connection.execute(
                f"CREATE VIEW {REPOSITORIES} AS SELECT {', '.join(self._columns.values())} FROM {_scan(self._files)}"  # noqa: S608
            )
            allowed = [str(file) for file in self._files]
            allowed += [glob.escape(path) for path in allowed]
            connection.execute(f"SET allowed_paths = [{', '.join(map(quoted, allowed))}]")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
        except duckdb.Error as error:
            connection.close()
            raise unreadable(self._files[0].parent, error) from None
        return connection


def _scan(files: Sequence[Path]) -> str:
    listed = ", ".join(quoted(glob.escape(str(file))) for file in files)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def _columns_of(connection: duckdb.DuckDBPyConnection, file: Path) -> dict[str, str]:
    """Return SQL for every column of an index by name; those that the build left out are null."""
    rows = connection.execute(f"DESCRIBE SELECT * FROM {_scan([file])}").fetchall()  # noqa: S608 - as above
    present = {name for name, *_ in rows}
    return {name: name if name in present else f"NULL AS {name}" for name in COLUMNS}


_alive: "weakref.WeakSet[Connections]" = weakref.WeakSet()


def _forget_all() -> None:
    for connections in list(_alive):
        connections.forget_after_fork()


os.register_at_fork(after_in_child=_forget_all)

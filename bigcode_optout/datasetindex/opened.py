"""Open an index folder: is it whole, and a DuckDB connection that can read this one file and nothing else."""

import glob
import os
import threading
import weakref
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from .errors import IndexBroken
from .manifest import MANIFEST_NAME, REPOSITORIES_NAME, IndexFile, IndexManifest, sha256_of


def read_manifest(folder: Path, *, verify: bool) -> IndexManifest:
    """Return the manifest of a whole index; raises IndexBroken. `verify` reads every file to compare its
    SHA-256.
    """
    path = folder / MANIFEST_NAME
    try:
        manifest = IndexManifest.from_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise IndexBroken(f"{folder} is no index: {MANIFEST_NAME} is missing or cannot be read.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexBroken(f"{path} is damaged or of another format.") from error
    if [file.name for file in manifest.contents] != [REPOSITORIES_NAME]:
        raise IndexBroken(f"{path} does not name the file {REPOSITORIES_NAME}.")
    for file in manifest.contents:
        _check_file(folder / file.name, file, verify=verify)
    _check_rows(folder / REPOSITORIES_NAME, manifest.repositories)
    return manifest


def _check_file(path: Path, expected: IndexFile, *, verify: bool) -> None:
    if not path.is_file():
        raise IndexBroken(f"{path} is missing.")
    size = path.stat().st_size
    if size != expected.bytes:
        raise IndexBroken(f"{path} has {size:,} bytes, but the manifest says {expected.bytes:,}.")
    if verify and sha256_of(path) != expected.sha256:
        raise IndexBroken(f"{path} was changed: its SHA-256 is not the one in the manifest.")


def _check_rows(path: Path, expected: int) -> None:
    try:
        with pq.ParquetFile(path) as file:
            rows = file.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise IndexBroken(f"{path} cannot be read as Parquet.") from error
    if rows != expected:
        raise IndexBroken(f"{path} has {rows:,} repositories, but the manifest says {expected:,}.")


class Connections:
    """Cursors on one Parquet file, as the view `repositories`; safe in threads and after a fork.

    DuckDB's threads do not survive a fork, so the connection is opened on first use in each process. It may
    read the one file and nothing else, and its settings are locked.
    """

    def __init__(self, path: Path, *, memory_limit: str, threads: int) -> None:
        self._path = path.resolve()
        self._memory_limit = memory_limit
        self._threads = threads
        self._is_closed = False
        self._connection: duckdb.DuckDBPyConnection | None = None
        # Kept, never touched: closing a connection from before the fork would wait for threads that are gone.
        self._inherited: list[duckdb.DuckDBPyConnection] = []
        self._lock = threading.Lock()
        _alive.add(self)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor for one call, to be closed afterwards; raises IndexBroken if the file is gone."""
        with self._lock:
            if self._is_closed:
                raise IndexBroken(f"The index {self._path.parent} was closed.")
            if self._connection is None:
                self._connection = self._connect()
            return self._connection.cursor()

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
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": self._memory_limit,
            "threads": self._threads,
            "autoinstall_known_extensions": False,
            "python_enable_replacements": False,
        }
        connection = duckdb.connect(":memory:", config=config)
        pattern = glob.escape(str(self._path)).replace("'", "''")
        plain = str(self._path).replace("'", "''")
        try:
            connection.execute("SET parquet_metadata_cache = true")
            connection.execute(
                f"CREATE VIEW repositories AS SELECT * FROM read_parquet('{pattern}')"  # noqa: S608 - our own path
            )
            connection.execute(f"SET allowed_paths = ['{plain}', '{pattern}']")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
        except duckdb.Error as error:
            connection.close()
            raise IndexBroken(f"{self._path} cannot be read: {str(error).splitlines()[0]}") from error
        return connection


_alive: "weakref.WeakSet[Connections]" = weakref.WeakSet()


def _forget_all() -> None:
    for connections in list(_alive):
        connections.forget_after_fork()


os.register_at_fork(after_in_child=_forget_all)

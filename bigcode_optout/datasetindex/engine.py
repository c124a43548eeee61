"""DuckDB connections for building: with limits, without the network, and without the trap for float ids."""

import glob
from pathlib import Path

import duckdb
import pyarrow as pa

from .errors import IndexBuildError
from .inputs import first_line

Config = dict[str, str | bool | int | float | list[str]]

FAILURES = (duckdb.Error, pa.ArrowException, OSError)
"""What reading and writing may raise. An error of the engine comes as OSError out of its record batches."""


def connect_for_building(*, memory_limit: str, threads: int, spill: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection to a database in memory; what is too much for `memory_limit` goes into `spill`.

    Raises IndexBuildError for limits that make no sense.
    """
    config: Config = {
        "memory_limit": memory_limit,
        "threads": threads,
        "temp_directory": str(spill),
        "autoinstall_known_extensions": False,
        "TimeZone": "UTC",
        # Rows are sorted where their order counts; keeping it elsewhere costs memory.
        "preserve_insertion_order": False,
    }
    try:
        connection = duckdb.connect(config=config)
        connection.execute("SET enable_progress_bar = false")
        # The smallest and largest value in a Parquet footer leave NaN out. DuckDB 2.0.0 takes them as the
        # truth about the column, and then a NaN among float ids came out as an invented id.
        connection.execute("SET disabled_optimizers = 'statistics_propagation,compressed_materialization'")
    except duckdb.Error as error:
        raise IndexBuildError(f"The index could not be written: {first_line(error)}.") from error
    return connection


def limit_bytes(memory_limit: str, connection: duckdb.DuckDBPyConnection | None = None) -> int:
    """Return the number of bytes in a memory limit as DuckDB reads it (`2GB`, `512MiB`); raises IndexBuildError.

    With a `connection` it is asked; a new one takes a while to open.
    """
    try:
        engine = connection or duckdb.connect()
        [[size]] = engine.execute("SELECT parse_formatted_bytes(?)", [memory_limit]).fetchall()
    except duckdb.Error as error:
        raise IndexBuildError(
            f"The index could not be written: “{memory_limit}” is no memory limit; write it as 2GB."
        ) from error
    return int(size)


def quoted(path: Path | str) -> str:
    """Return a path as an SQL text."""
    return "'" + str(path).replace("'", "''") + "'"


def scan_folder(folder: Path) -> str:
    """Return SQL that scans the Parquet files of a folder, whatever characters its path has."""
    return f"read_parquet({quoted(glob.escape(str(folder)) + '/*.parquet')}, hive_partitioning = false)"


def scan(path: Path) -> str:
    """Return SQL that scans one Parquet file."""
    return f"read_parquet({quoted(glob.escape(str(path)))}, hive_partitioning = false)"

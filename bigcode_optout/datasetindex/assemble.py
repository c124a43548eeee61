"""From input files to the Parquet file of an index, in a scratch database of DuckDB inside the folder."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bigcode_optout.names import DatasetColumns

from .errors import IndexBuildError
from .file_level import read_into_parts
from .gather import count, create_parts, gather
from .inputs import InputFile, first_line
from .manifest import REPOSITORIES_NAME, RefusedNames
from .write import write_repositories

_WORK_NAME = "work.duckdb"
_SPILL_NAME = "spill"


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """How far a build is: the step in words, and bytes of input read of all (0 of 0: not known)."""

    step: str
    done: int
    total: int


OnProgress = Callable[[BuildProgress], None]


def assemble(
    folder: Path,
    files: list[InputFile],
    columns: DatasetColumns,
    *,
    memory_limit: str,
    threads: int,
    on_progress: OnProgress,
) -> tuple[dict[str, RefusedNames], dict[str, int]]:
    """Read all files, write `repositories.parquet` into `folder`; return malformed names by kind, and counts.

    More than `memory_limit` goes to disk, into `folder`, and is removed at the end. Raises IndexBuildError.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "threads": threads,
        "temp_directory": str(folder / _SPILL_NAME),
        "autoinstall_known_extensions": False,
        "TimeZone": "UTC",
    }
    try:
        with duckdb.connect(str(folder / _WORK_NAME), config=config) as connection:
            # The smallest and largest value in a Parquet footer leave NaN out. DuckDB 2.0.0 takes them as the
            # truth about the column, and then a NaN among float ids came out as an invented id.
            connection.execute(
                "SET disabled_optimizers = 'statistics_propagation,compressed_materialization'"
            )
            create_parts(connection)
            _read(connection, files, columns, on_progress)
            on_progress(BuildProgress("sorting", 0, 0))
            refused = gather(connection)
            write_repositories(connection, folder / REPOSITORIES_NAME)
            counts = count(connection)
    except duckdb.Error as error:
        raise IndexBuildError(f"The index could not be written: {first_line(error)}.") from error
    _clear(folder)
    return refused, counts


def _read(
    connection: duckdb.DuckDBPyConnection,
    files: list[InputFile],
    columns: DatasetColumns,
    on_progress: OnProgress,
) -> None:
    done, total = 0, sum(file.bytes for file in files)
    for file in files:
        on_progress(BuildProgress(f"reading {file.path.name}", done, total))
        try:
            read_into_parts(connection, file, columns)
        except duckdb.Error as error:
            raise IndexBuildError(f"{file.path} could not be read: {first_line(error)}.") from error
        done += file.bytes
    on_progress(BuildProgress("read", done, total))


def _clear(folder: Path) -> None:
    for leftover in folder.glob(f"{_WORK_NAME}*"):
        leftover.unlink()
    if (folder / _SPILL_NAME).exists():
        (folder / _SPILL_NAME).rmdir()

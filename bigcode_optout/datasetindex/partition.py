"""The first half of a build: the parts of every input file, dealt out into owner buckets on disk."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import duckdb

from .buckets import MALFORMED, bucket_sql
from .engine import quoted
from .errors import IndexBuildError
from .inputs import InputFile, first_line
from .progress import BuildProgress, OnProgress
from .readers import PARTS, Reader
from .refused import is_valid_sql, owner_key_sql

_ROWS_AT_ONCE = 2_000_000
_FILES_AT_ONCE = 64
"""Small files are read together, so that a bucket does not become a scratch file for each of them."""

_MOST_BUFFERED_ROWS = 50_000
_FEWEST_BUFFERED_ROWS = 2_000
_BYTES_A_PART = 160
"""Of memory, for a part that waits to be written."""

ALWAYS = frozenset({"repo_name", "repo_id", "files", "bytes"})
"""The parts that are written to the scratch files, carried by the inputs or not."""


def scratch_columns(present: Sequence[frozenset[str]]) -> list[str]:
    """Return the columns of PARTS that any of the inputs carries. The others would cost and say nothing."""
    carried = ALWAYS.union(*present)
    return [name for name in PARTS if name in carried]


def partition(
    connection: duckdb.DuckDBPyConnection,
    reader: Reader,
    files: Sequence[InputFile],
    *,
    columns: Sequence[str],
    buckets: int,
    memory_bytes: int,
    folder: Path,
    on_progress: OnProgress,
) -> None:
    """Write the parts of `files` to `folder`/bucket=N/*.parquet; N is MALFORMED for names that are none.

    Raises IndexBuildError.
    """
    threads = int((connection.execute("SELECT current_setting('threads')").fetchone() or [1])[0])
    share = memory_bytes // (4 * _BYTES_A_PART * threads * (buckets + 1))
    buffered = min(max(share, _FEWEST_BUFFERED_ROWS), _MOST_BUFFERED_ROWS)
    connection.execute(f"SET partitioned_write_max_open_files = {buckets + 2}")
    connection.execute(f"SET partitioned_write_flush_threshold = {buffered}")
    done, total = 0, sum(file.bytes for file in files)
    for group in _groups(files):
        on_progress(BuildProgress(f"reading {group[0].path.name}", done, total))
        _write(connection, reader, group, _dealt(columns, buckets), folder)
        done += sum(file.bytes for file in group)
    on_progress(BuildProgress("read", done, total))


def _groups(files: Sequence[InputFile]) -> Iterator[list[InputFile]]:
    group: list[InputFile] = []
    for file in files:
        group.append(file)
        if sum(each.rows for each in group) >= _ROWS_AT_ONCE or len(group) >= _FILES_AT_ONCE:
            yield group
            group = []
    if group:
        yield group


def _dealt(columns: Sequence[str], buckets: int) -> str:
    """Return SQL with parts and their bucket, up to the name of the view with the parts."""
    bucket = f"""CASE WHEN {is_valid_sql("repo_name")}
                      THEN {bucket_sql(owner_key_sql("repo_name"), buckets)} ELSE {MALFORMED} END"""
    return f"SELECT {', '.join(columns)}, {bucket} AS bucket FROM "  # noqa: S608 - names from our table


def _write(
    connection: duckdb.DuckDBPyConnection,
    reader: Reader,
    group: Sequence[InputFile],
    dealt: str,
    folder: Path,
) -> None:
    try:
        with ExitStack() as stack:
            views = []
            for number, file in enumerate(group):
                views.append(f"parts_{number}")
                stack.enter_context(reader.parts(connection, file)).create_view(views[-1])
            selected = " UNION ALL ".join(dealt + view for view in views)
            connection.execute(
                f"""COPY ({selected}) TO {quoted(folder)}
                    (FORMAT parquet, COMPRESSION snappy, PARTITION_BY (bucket), APPEND)"""
            )
    except duckdb.Error as error:
        _blame_a_file(connection, reader, group)
        raise IndexBuildError(f"The index could not be written: {first_line(error)}.") from error


def _blame_a_file(connection: duckdb.DuckDBPyConnection, reader: Reader, group: Sequence[InputFile]) -> None:
    """Read each file again, alone and without writing; raise IndexBuildError for the first that fails."""
    for file in group:
        try:
            with reader.parts(connection, file) as parts:
                for _ in parts.to_arrow_reader(100_000):
                    pass
        except duckdb.Error as error:
            raise IndexBuildError(f"{file.path} could not be read: {first_line(error)}.") from error

"""The first half of a build: the parts of every input file, dealt out to owner buckets."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import duckdb

from .buckets import MALFORMED, bucket_sql
from .engine import FAILURES
from .errors import IndexBuildError
from .inputs import InputFile, first_line
from .piles import BUCKET, Piles, parts_schema
from .progress import BuildProgress, OnProgress
from .readers import PARTS, Reader
from .refused import is_valid_sql, owner_key_sql

_ROWS_AT_ONCE = 2_000_000
_FILES_AT_ONCE = 64
"""Small files are read together, so that a bucket does not become many tiny pieces."""

HELD_SHARE = 1 / 3
"""Of the memory limit, for parts that wait in memory. What is read of the input and is grouped takes the rest."""

_AT_ONCE_SHARE = 32
"""A batch, and what the engine's threads read ahead while it is dealt out, take this part of the memory limit each."""

_MOST_DEALT_ROWS = 250_000
_FEWEST_DEALT_ROWS = 2_048
_MOST_READ_AHEAD_BYTES = 64_000_000
_BYTES_A_PART = 160
"""Of memory, for a part."""

ALWAYS = frozenset({"repo_name", "repo_id", "files", "bytes"})
"""The parts that are dealt out, carried by the inputs or not."""


def parts_columns(present: Sequence[frozenset[str]]) -> list[str]:
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
) -> Piles:
    """Deal the parts of `files` out to the piles of their buckets; what memory cannot hold goes into `folder`.

    Raises IndexBuildError.
    """
    most_held = int(memory_bytes * HELD_SHARE)
    piles = Piles(folder, parts_schema(connection, columns), buckets=buckets, most_bytes=most_held)
    at_once = memory_bytes // _AT_ONCE_SHARE
    batch_rows = min(max(at_once // _BYTES_A_PART, _FEWEST_DEALT_ROWS), _MOST_DEALT_ROWS)
    connection.execute(f"SET memory_limit = '{memory_bytes - most_held}B'")
    connection.execute(f"SET streaming_buffer_size = '{min(at_once, _MOST_READ_AHEAD_BYTES)}B'")
    done, total = 0, sum(file.bytes for file in files)
    for group in _groups(files):
        on_progress(BuildProgress(f"reading {group[0].path.name}", done, total))
        _deal(connection, reader, group, columns, piles, batch_rows)
        done += sum(file.bytes for file in group)
    on_progress(BuildProgress("read", done, total))
    return piles


def _groups(files: Sequence[InputFile]) -> Iterator[list[InputFile]]:
    group: list[InputFile] = []
    for file in files:
        group.append(file)
        if sum(each.rows for each in group) >= _ROWS_AT_ONCE or len(group) >= _FILES_AT_ONCE:
            yield group
            group = []
    if group:
        yield group


def _dealt(columns: Sequence[str], buckets: int, views: Sequence[str]) -> str:
    """Return SQL for the parts in `views` and their bucket."""
    bucket = f"""CASE WHEN {is_valid_sql("repo_name", "owner_key")}
                      THEN {bucket_sql("owner_key", buckets)} ELSE {MALFORMED} END"""
    return f"""SELECT {", ".join(columns)}, ({bucket})::SMALLINT AS {BUCKET}
               FROM (SELECT *, {owner_key_sql("repo_name")} AS owner_key
                     FROM ({" UNION ALL ".join(f"FROM {view}" for view in views)}))"""  # noqa: S608 - names from our table


def _deal(
    connection: duckdb.DuckDBPyConnection,
    reader: Reader,
    group: Sequence[InputFile],
    columns: Sequence[str],
    piles: Piles,
    batch_rows: int,
) -> None:
    try:
        with ExitStack() as stack:
            views = []
            for number, file in enumerate(group):
                views.append(f"parts_{number}")
                stack.enter_context(reader.parts(connection, file)).create_view(views[-1])
            dealt = _dealt(columns, piles.buckets, views)
            for batch in connection.sql(dealt).to_arrow_reader(batch_rows):
                piles.deal(batch)
    except FAILURES as error:
        _blame_a_file(connection, reader, group)
        raise IndexBuildError(f"The index could not be written: {first_line(error)}.") from error


def _blame_a_file(connection: duckdb.DuckDBPyConnection, reader: Reader, group: Sequence[InputFile]) -> None:
    """Read each file again, alone and without dealing; raise IndexBuildError for the first that fails."""
    for file in group:
        try:
            with reader.parts(connection, file) as parts:
                for _ in parts.to_arrow_reader(100_000):
                    pass
        except FAILURES as error:
            raise IndexBuildError(f"{file.path} could not be read: {first_line(error)}.") from error

# ruff: noqa: S608 - made of our own expressions, of a shard's path and column names, which are quoted
"""Which rows of a shard the rules cover: found by DuckDB, kept as its temporary tables.

`hits(row, holder, rule, kind)`: a rule covers a row, seen in a holder's columns. `events(row, position, rule,
length, is_opening)`: a rule covers the actor of an event in a conversation's list, position from 1. `rows(row,
files, is_shared, is_kept)`: every covered row once; `is_shared` where a holder that no rule covers stands beside,
`is_kept` where such a row stays.
"""

import glob
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from .asked_names import AskedNames
from .columns import Found, Located, quoted
from .distinct import has_texts_once, names_of
from .keys import full_key, id_key, owner_key
from .layout import EVENT_ACTION, EVENT_LIST, OPENED

_TABLES = """
CREATE OR REPLACE TEMP TABLE hits (row BIGINT, holder INTEGER, rule INTEGER, kind VARCHAR);
CREATE OR REPLACE TEMP TABLE events (row BIGINT, position BIGINT, rule INTEGER, length BIGINT, is_opening BOOLEAN);
"""

_NAMED = """
SELECT * FROM keys WHERE owner IN (SELECT key FROM owners) OR full_name IN (SELECT key FROM repositories)"""
"""Almost no row is covered, so it is asked first whether any rule has the name, and then which."""


class Tables:
    """The tables of one shard, on a cursor of their own; both are made when they are first needed."""

    def __init__(self, connect: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._connect = connect
        self._cursor: duckdb.DuckDBPyConnection | None = None

    @property
    def are_made(self) -> bool:
        """False where nothing was found that could be covered."""
        return self._cursor is not None

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return the cursor on which they are."""
        if self._cursor is None:
            self._cursor = self._connect()
            self._cursor.execute(_TABLES)
        return self._cursor

    def close(self) -> None:
        """Let go of them."""
        if self._cursor is not None:
            self._cursor.close()


def find_rows(
    tables: Tables,
    asked: AskedNames,
    shard: pq.ParquetFile,
    path: Path,
    located: Located,
    *,
    keep_shared: bool,
) -> bool:
    """Fill the three tables; `shard` is the open file that stands at `path`.

    Return whether any row can be covered: where none can, the tables are not made.

    Raises duckdb.Error, pa.ArrowException, OSError, ShardBroken for a shard that cannot be read.
    """
    scan = f"read_parquet({_text(glob.escape(str(path)))}, file_row_number = true, hive_partitioning = false)"
    for column in located.columns:
        if column.role == "id":
            if asked.has_ids:
                tables.cursor().execute(_id_hits(column, "file_row_number", scan))
        elif has_texts_once(shard, column.name):
            _find_names(tables, asked, path, column)
        else:
            tables.cursor().execute(_single_hits(column, "file_row_number", scan))
    if located.has_event_lists:
        _find_events(tables.cursor(), scan, located)
    if tables.are_made:
        tables.cursor().execute(_rows(scan, located, keep_shared=keep_shared))
    return tables.are_made


def _text(path: str) -> str:
    return "'" + path.replace("'", "''") + "'"


def _id_hits(column: Found, row: str, source: str) -> str:
    """Return SQL that adds the hits of a column of numbers of `source`, in which `row` counts the rows from 0."""
    return f"""
    INSERT INTO hits SELECT row, {column.holder}, rule, 'repository_id'
    FROM (SELECT {row} AS row, {id_key(column)} AS id FROM {source}) AS found
    JOIN ids ON found.id = ids.key"""


def _find_names(tables: Tables, asked: AskedNames, shard: Path, column: Found) -> None:
    """Add the hits of a column of names: DuckDB is asked about each name once, and almost none is covered."""
    name = replace(column, sql="name")
    for names in names_of(shard, column.name):
        places = asked.possible(names.texts, column.role)
        if not len(places):
            continue
        cursor = tables.cursor()
        with _seen(cursor, "texts", pa.table({"place": places, "name": names.texts.take(places)})):
            sql = _covered("place", column, "texts", owner=owner_key(name), full_name=full_key(name))
            covered = cursor.sql(sql).to_arrow_table()
        found = names.rows_with(covered.column("place").combine_chunks())
        with _seen(cursor, "covered", covered), _seen(cursor, "found", found):
            cursor.execute(f"""
            INSERT INTO hits SELECT row, {column.holder}, rule, kind FROM found JOIN covered USING (place)""")


@contextmanager
def _seen(cursor: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> Iterator[None]:
    """Let this cursor read an Arrow table under a name."""
    cursor.register(name, table)
    try:
        yield
    finally:
        cursor.unregister(name)


def _single_hits(column: Found, row: str, source: str) -> str:
    """The same for a column of names that DuckDB reads itself."""
    return f"""
    INSERT INTO hits
    WITH keys AS (
        SELECT {row} AS row, {owner_key(column)} AS owner, {full_key(column)} AS full_name FROM {source}),
    named AS MATERIALIZED ({_NAMED})
    SELECT row, {column.holder}, rule, kind FROM ({_covered("row", column, "named")})"""


def _covered(
    what: str, column: Found, source: str, *, owner: str = "owner", full_name: str = "full_name"
) -> str:
    kind = "login" if column.role == "login" else "owner_name"
    return f"""
    SELECT {what}, rule, '{kind}' AS kind FROM {source} JOIN owners ON {owner} = key
    UNION ALL
    SELECT {what}, rule, 'repository_name' FROM {source} JOIN repositories ON {full_name} = key"""


def _find_events(cursor: duckdb.DuckDBPyConnection, scan: str, located: Located) -> None:
    """Find conversations through their events; one that would have no event left is covered as a whole."""
    each = f"""(
    SELECT row, length, unnest(range(1, length + 1)) AS position, unnest(listed) AS e
    FROM (SELECT file_row_number AS row, {EVENT_LIST} AS listed, len(listed) AS length FROM {scan}))"""
    for column in located.event_columns:
        cursor.execute(_single_hits(column, "row", each))
    for login in located.event_logins:
        cursor.execute(f"""
        INSERT INTO events SELECT row, position, rule, length, is_opening
        FROM (SELECT row, position, length, {owner_key(login)} AS owner,
                     coalesce(e.{quoted(EVENT_ACTION)} = '{OPENED}', false) AS is_opening FROM {each})
        JOIN owners ON owner = key""")
    cursor.execute("""
    INSERT INTO hits SELECT row, 0, rule, 'login' FROM events WHERE row IN (
        SELECT row FROM events GROUP BY row
        HAVING bool_or(is_opening) OR count(DISTINCT position) = any_value(length))""")


def _rows(scan: str, located: Located, *, keep_shared: bool) -> str:
    holders = [column for column in located.columns if column.role == "repository"]
    shared = "false"
    if located.layout.holders:
        named = " + ".join(f"CAST(coalesce({column.sql}, '') <> '' AS INTEGER)" for column in holders)
        shared = f"{named} > found.covered"
    elif located.files_sql in ("0", "1"):
        return f"""
        CREATE OR REPLACE TEMP TABLE rows AS
        SELECT DISTINCT row, {located.files_sql} AS files, false AS is_shared, false AS is_kept FROM hits"""
    return f"""
    CREATE OR REPLACE TEMP TABLE rows AS
    SELECT found.row, {located.files_sql} AS files, {shared} AS is_shared, {shared} AND {keep_shared} AS is_kept
    FROM (SELECT row, count(DISTINCT holder) AS covered FROM hits GROUP BY row) AS found
    JOIN {scan} AS shard ON shard.file_row_number = found.row"""

"""The rows of an index among which are all that are asked for by name: by row number, or by a join with the owners."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import duckdb
import numpy as np
import pyarrow as pa

from .asked import Asked
from .connections import REPOSITORIES, Connections
from .lookup_store.form import RowMarks
from .lookup_store.row_marks import AskedMarks, Rows

MOST_ROWS = 8_000_000
"""So many row numbers are kept in memory; beyond, most of an index is asked for, and a join costs no more."""

# Bit n: a name of n characters (modulo 64) is sought. A name's length costs nothing to tell, its key does, and an owner
# of thousands is often asked for one repository.
_TOUCHED = """CREATE OR REPLACE TEMP TABLE touched_owners AS
    SELECT key, bool_or(is_whole) AS is_whole, bit_or(lengths) AS lengths FROM (
        SELECT key, true AS is_whole, 0::UBIGINT AS lengths FROM asked_owners
        UNION ALL
        SELECT split_part(key, '/', 1), false, 1::UBIGINT << (strlen(key) % 64)::UBIGINT FROM asked_repositories)
    GROUP BY key"""

# DuckDB hands the owners' keys to the Parquet reader, and most rows end there.
_OF_OWNERS = f"""
    SELECT s.* FROM {REPOSITORIES} s JOIN touched_owners t ON s.owner_key = t.key
    WHERE t.is_whole OR (t.lengths >> (strlen(s.repo_name) % 64)::UBIGINT) & 1 = 1"""  # noqa: S608 - our tables


def register(cursor: duckdb.DuckDBPyConnection, asked: Asked) -> None:
    """Make tables of what is asked: `asked_owners`, `asked_repositories` and `asked_ids`, each with a column `key`."""
    for table, keys in (
        ("asked_owners", asked.owners),
        ("asked_repositories", asked.repositories),
        ("asked_ids", asked.ids),
    ):
        cursor.register(table, pa.table({"key": keys}))


def marked_rows(asked: Asked, marks: Iterable[RowMarks], *, threads: int) -> list[Rows] | None:
    """Return the numbers of the rows in each bucket that may be asked for; None where these are too many."""
    wanted = AskedMarks(asked)
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(wanted.rows_in, marks))
    return found if sum(map(len, found)) <= MOST_ROWS else None


def by_owner(cursor: duckdb.DuckDBPyConnection) -> str:
    """Return SQL for the rows of all owners of what is asked, as far as a name's length tells; after `register`."""
    cursor.execute(_TOUCHED)
    return _OF_OWNERS


def by_row_number(
    cursor: duckdb.DuckDBPyConnection, connections: Connections, rows: list[Rows], columns: Iterable[str]
) -> str:
    """Return SQL for some columns of the rows with these numbers, of the buckets that have any."""
    buckets = np.repeat(np.arange(len(rows), dtype=np.int32), [len(each) for each in rows])
    cursor.register("rows_told", pa.table({"bucket": buckets, "row": np.concatenate(rows)}))
    # A table knows its smallest and largest number: then the join is a look into an array.
    cursor.execute("CREATE OR REPLACE TEMP TABLE asked_rows AS SELECT * FROM rows_told")
    cursor.unregister("rows_told")
    touched = [number for number, each in enumerate(rows) if len(each)] or [0]
    return " UNION ALL ".join(
        f"""SELECT s.* FROM {connections.numbered(number, columns)} s
            JOIN (SELECT row FROM asked_rows WHERE bucket = {number}) a ON s.file_row_number = a.row"""  # noqa: S608 - ours
        for number in touched
    )

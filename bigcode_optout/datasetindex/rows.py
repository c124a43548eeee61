"""From a row of an index to an `IndexedRepository`."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .records import IndexedRepository, LanguageShare

if TYPE_CHECKING:
    import duckdb

COLUMNS = (
    "repo_name",
    "repo_id",
    "files",
    "bytes",
    "languages",
    "licences",
    "licence_types",
    "stars",
    "is_fork",
    "parent",
    "newest",
    "held_as",
    "shared_files",
    "other_holders",
    "owner_key",
    "repo_key",
)
BATCH = 1_000

_BITS = (("stars", 1), ("issues", 2), ("forks", 4))
_HOLDINGS = tuple(tuple(name for name, bit in _BITS if mask & bit) for mask in range(8))


def select_list(alias: str) -> str:
    """Return the SQL for all columns of the table `alias`, in the order that `to_repository` reads."""
    return ", ".join(f"{alias}.{column}" for column in COLUMNS)


def to_repository(row: Sequence[Any]) -> IndexedRepository:
    """Make the record of one row that begins with COLUMNS; `newest` may be a date or ISO text."""
    newest = row[10]
    return IndexedRepository(
        repo_name=row[0],
        owner_key=row[14],
        repo_key=row[15],
        repo_id=row[1],
        files=row[2],
        bytes=row[3],
        languages=tuple([LanguageShare(**share) for share in row[4]]),
        licences=tuple(row[5]),
        licence_types=tuple(row[6]),
        stars=row[7],
        is_fork=row[8],
        newest=dt.date.fromisoformat(newest) if isinstance(newest, str) else newest,
        parent=row[9],
        held_as=_HOLDINGS[row[11] or 0],
        shared_files=row[12],
        other_holders=row[13],
    )


def stream(cursor: "duckdb.DuckDBPyConnection") -> Iterator[tuple[Any, ...]]:
    """Yield the rows of an executed statement, a batch in memory at a time."""
    while rows := cursor.fetchmany(BATCH):
        yield from rows

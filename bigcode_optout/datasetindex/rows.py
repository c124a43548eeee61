"""From a row of the index file to an `IndexedRepository`."""

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb

from .records import IndexedRepository, LanguageShare

COLUMNS = (
    "repo_name",
    "owner_key",
    "repo_key",
    "repo_id",
    "files",
    "bytes",
    "languages",
    "licences",
    "licence_types",
    "stars",
    "is_fork",
    "newest",
)
BATCH = 1_000


def select_list(alias: str) -> str:
    """Return the SQL for all columns of the table `alias`, in the order that `to_repository` reads."""
    return ", ".join(f"{alias}.{column}" for column in COLUMNS)


def to_repository(row: Sequence[Any]) -> IndexedRepository:
    """Make the record of one row that begins with COLUMNS."""
    fields = dict(zip(COLUMNS, row, strict=False))
    fields["languages"] = tuple(LanguageShare(**share) for share in fields["languages"])
    fields["licences"] = tuple(fields["licences"])
    fields["licence_types"] = tuple(fields["licence_types"])
    return IndexedRepository(**fields)


def stream(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of an executed statement, a batch in memory at a time."""
    while rows := cursor.fetchmany(BATCH):
        yield from rows

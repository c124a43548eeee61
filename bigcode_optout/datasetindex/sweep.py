"""Find everything that many scopes cover at once, as joins of the index with what was asked."""

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb

from .asked import Asked
from .connections import REPOSITORIES
from .matches import BY
from .records import FoundRow, Match
from .refused import key_sql, owner_key_sql
from .rows import COLUMNS, to_repository

BRIEF = ("repo_name", "repo_id", "files", "bytes")
"""The first fields of a FoundRow."""

_BATCH = 20_000

# The folded name is made of the name, which is read anyway: it costs less than reading the stored one too.
_REPO_KEY, _OWNER_KEY = key_sql("r.repo_name"), owner_key_sql("r.repo_name")
_KEYS = {"repo_key": _REPO_KEY, "owner_key": _OWNER_KEY}


def sweep(cursor: duckdb.DuckDBPyConnection, asked: Asked, candidates: str) -> Iterator[Match]:
    """Yield each repository that is asked for by owner, full name or id once, with all reasons; in no set order.

    One pass by names and one by ids, each only where there are any. `candidates` is SQL for rows of the index among
    which are all that are asked for by name.
    """
    width = len(COLUMNS)
    for row in _found(cursor, asked, candidates, COLUMNS):
        yield Match(to_repository(row), BY[row[width:]])


def sweep_rows(cursor: duckdb.DuckDBPyConnection, asked: Asked, candidates: str) -> Iterator[FoundRow]:
    """Yield the same as plain rows: name, id, files, bytes and the three reasons. Nothing else is read or made."""
    return _found(cursor, asked, candidates, BRIEF)


def _found(
    cursor: duckdb.DuckDBPyConnection, asked: Asked, candidates: str, columns: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """Yield `columns` and a flag for each reason."""
    selected = ", ".join(_KEYS.get(name, f"r.{name}") for name in columns)
    if asked.has_names:
        yield from _tuples(cursor.sql(_by_names(selected, candidates, has_ids=len(asked.ids) > 0)))
    if len(asked.ids):
        yield from _tuples(cursor.sql(_by_ids(selected)))


def _tuples(found: duckdb.DuckDBPyRelation) -> Iterator[tuple[Any, ...]]:
    # Column by column: half of the time of rows.
    for batch in found.to_arrow_reader(_BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _by_names(selected: str, candidates: str, *, has_ids: bool) -> str:
    """Return the query for what is found by name and not by id too."""
    others = "ANTI JOIN asked_ids i ON r.repo_id = i.key" if has_ids else ""
    return f"""
        SELECT {selected}, o.key IS NOT NULL, n.key IS NOT NULL, false
        FROM ({candidates}) r
        LEFT JOIN asked_owners o ON {_OWNER_KEY} = o.key
        LEFT JOIN asked_repositories n ON {_REPO_KEY} = n.key {others}
        WHERE o.key IS NOT NULL OR n.key IS NOT NULL"""  # noqa: S608 - our tables


def _by_ids(selected: str) -> str:
    return f"""
        SELECT {selected}, o.key IS NOT NULL, n.key IS NOT NULL, true
        FROM {REPOSITORIES} r JOIN asked_ids i ON r.repo_id = i.key
        LEFT JOIN asked_owners o ON {_OWNER_KEY} = o.key
        LEFT JOIN asked_repositories n ON {_REPO_KEY} = n.key"""  # noqa: S608 - our tables

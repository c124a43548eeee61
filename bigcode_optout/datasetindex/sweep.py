"""Find everything that many scopes cover at once, as joins of the index with what was asked."""

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import product
from typing import Any

import duckdb
import pyarrow as pa

from bigcode_optout.names import match_key

from .connections import REPOSITORIES
from .records import IndexedRepository, Match, Reason
from .refused import key_sql
from .rows import COLUMNS, stream, to_repository

LARGEST_ID = 2**63 - 1

_REASONS: tuple[Reason, ...] = ("owner", "repository", "repository_id")
_BRIEF = ("repo_name", "owner_key", "repo_key", "repo_id", "files", "bytes")
"""The first fields of an IndexedRepository; the others have defaults."""

# The three flags of a row to its reasons.
_BY = {
    flags: frozenset(reason for reason, is_hit in zip(_REASONS, flags, strict=True) if is_hit)
    for flags in product((False, True), repeat=len(_REASONS))
}
_KEYS = {"owner_key": "r.owner_key", "repo_key": key_sql("r.repo_name")}

# The folded name is made of the name, which is read anyway: it costs less than reading the stored one too.
_NAMES = f"""LEFT JOIN asked_owners o ON r.owner_key = o.key
             LEFT JOIN asked_repositories n ON {key_sql("r.repo_name")} = n.key"""
_IS_NAMED = "o.key IS NOT NULL, n.key IS NOT NULL"


def sweep(
    cursor: duckdb.DuckDBPyConnection,
    *,
    owners: Collection[str],
    repositories: Collection[str],
    repository_ids: Collection[int],
    is_brief: bool,
) -> Iterator[Match]:
    """Yield each repository that is asked for by owner, full name or id once, with all reasons; in no set
    order. With `is_brief` only name, id, files and bytes are read, and the other fields are empty.

    One pass by names and one by ids, each only where there are any. An inner join with the owners of all that is
    asked comes first: DuckDB hands its keys to the Parquet reader, and most rows end there.
    """
    owner_keys, repo_keys, ids = _keys(owners), _keys(repositories), _ids(repository_ids)
    touched = owner_keys | {key.partition("/")[0] for key in repo_keys}
    _register(cursor, "asked_owners", owner_keys, pa.string())
    _register(cursor, "asked_repositories", repo_keys, pa.string())
    _register(cursor, "touched_owners", touched, pa.string())
    _register(cursor, "asked_ids", ids, pa.int64())
    columns = _BRIEF if is_brief else COLUMNS
    selected = ", ".join(_KEYS.get(name, f"r.{name}") for name in columns)
    to_record = _brief if is_brief else to_repository
    if touched:
        yield from _matches(cursor, _by_names(selected), len(columns), to_record)
    if ids:
        yield from _matches(cursor, _by_ids(selected), len(columns), to_record)


def _by_names(selected: str) -> str:
    """Return the query for what is found by name and not by id too."""
    return f"""
        SELECT {selected}, {_IS_NAMED}, false
        FROM (SELECT * FROM {REPOSITORIES} SEMI JOIN touched_owners t ON owner_key = t.key) r {_NAMES}
        ANTI JOIN asked_ids i ON r.repo_id = i.key
        WHERE o.key IS NOT NULL OR n.key IS NOT NULL"""  # noqa: S608 - our tables


def _by_ids(selected: str) -> str:
    return f"""
        SELECT {selected}, {_IS_NAMED}, true
        FROM {REPOSITORIES} r JOIN asked_ids i ON r.repo_id = i.key {_NAMES}"""  # noqa: S608 - our tables


def _matches(
    cursor: duckdb.DuckDBPyConnection,
    sql: str,
    width: int,
    to_record: Callable[[Sequence[Any]], IndexedRepository],
) -> Iterator[Match]:
    for row in stream(cursor.execute(sql)):
        yield Match(to_record(row), _BY[row[width:]])


def _brief(row: Sequence[Any]) -> IndexedRepository:
    return IndexedRepository(*row[: len(_BRIEF)])


def _register(cursor: duckdb.DuckDBPyConnection, table: str, keys: set[Any], kind: pa.DataType) -> None:
    cursor.register(table, pa.table({"key": pa.array(sorted(keys), kind)}))


def _keys(names: Collection[str]) -> set[str]:
    return {key for name in names if (key := match_key(name))}


def _ids(numbers: Collection[int]) -> set[int]:
    return {number for number in numbers if 0 < number <= LARGEST_ID}

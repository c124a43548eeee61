"""Find everything that many scopes cover at once, as joins of the index with what was asked."""

from collections.abc import Collection, Iterator
from typing import Any

import duckdb
import pyarrow as pa

from bigcode_optout.names import match_key

from .records import Match, Reason
from .rows import COLUMNS, select_list, stream, to_repository

_LARGEST_ID = 2**63 - 1

# Reason, registered table, its column's type, the index's column that it is compared with.
_ASKED: tuple[tuple[Reason, str, pa.DataType, str], ...] = (
    ("owner", "asked_owners", pa.string(), "owner_key"),
    ("repository", "asked_repositories", pa.string(), "repo_key"),
    ("repository_id", "asked_ids", pa.int64(), "repo_id"),
)


def sweep(
    cursor: duckdb.DuckDBPyConnection,
    *,
    owners: Collection[str],
    repositories: Collection[str],
    repository_ids: Collection[int],
) -> Iterator[Match]:
    """Yield each repository that is asked for by owner, full name or id once, with all reasons; in no set
    order.
    """
    values: tuple[set[Any], ...] = (_keys(owners), _keys(repositories), _ids(repository_ids))
    for (_, table, kind, _), keys in zip(_ASKED, values, strict=True):
        cursor.register(table, pa.table({"key": pa.array(sorted(keys), kind)}))
    for position, keys in enumerate(values):
        if keys:
            cursor.execute(_branch(position))
            for row in stream(cursor):
                yield _to_match(row)


def _branch(position: int) -> str:
    """Return the query for rows found by one reason and by none of those before it, with the reasons after
    it.

    Three inner joins instead of one pass with three outer joins: DuckDB hands the smallest and largest key
    of an inner join to the Parquet reader, which then skips the row groups outside.
    """
    _, table, _, column = _ASKED[position]
    joins = [f"JOIN {table} ON r.{column} = {table}.key"]
    joins += [f"ANTI JOIN {earlier} ON r.{key} = {earlier}.key" for _, earlier, _, key in _ASKED[:position]]
    joins += [f"LEFT JOIN {later} ON r.{key} = {later}.key" for _, later, _, key in _ASKED[position + 1 :]]
    flags = ["false"] * position + ["true"]
    flags += [f"{later}.key IS NOT NULL" for _, later, _, _ in _ASKED[position + 1 :]]
    return f"SELECT {select_list('r')}, {', '.join(flags)} FROM repositories r {' '.join(joins)}"  # noqa: S608 - our tables


def _to_match(row: tuple[Any, ...]) -> Match:
    flags = row[len(COLUMNS) :]
    reasons = frozenset(reason for (reason, *_), is_hit in zip(_ASKED, flags, strict=True) if is_hit)
    return Match(to_repository(row), reasons)


def _keys(names: Collection[str]) -> set[str]:
    return {key for name in names if (key := match_key(name))}


def _ids(numbers: Collection[int]) -> set[int]:
    return {number for number in numbers if 0 < number <= _LARGEST_ID}

"""Find everything that many scopes cover at once, as joins of the index with what was asked."""

from collections.abc import Collection, Iterator, Sequence
from itertools import product
from typing import Any

import duckdb
import pyarrow as pa

from bigcode_optout.names import match_key

from .connections import REPOSITORIES
from .records import FoundRow, IndexedRepository, Match, Reason
from .refused import key_sql
from .rows import COLUMNS, stream, to_repository

LARGEST_ID = 2**63 - 1

_REASONS: tuple[Reason, ...] = ("owner", "repository", "repository_id")
_BRIEF = ("repo_name", "repo_id", "files", "bytes")
"""The first fields of a FoundRow."""

# The three flags of a row to its reasons.
_BY = {
    flags: frozenset(reason for reason, is_hit in zip(_REASONS, flags, strict=True) if is_hit)
    for flags in product((False, True), repeat=len(_REASONS))
}

# The folded name is made of the name, which is read anyway: it costs less than reading the stored one too.
_REPO_KEY = key_sql("r.repo_name")
_KEYS = {"repo_key": _REPO_KEY}

# Bit n: a name of n characters (modulo 64) is sought. A name's length costs nothing to tell, its key does, and an owner
# of thousands is often asked for one repository.
_TOUCHED = """CREATE OR REPLACE TEMP TABLE touched_owners AS
    SELECT key, bool_or(is_whole) AS is_whole, bit_or(lengths) AS lengths FROM (
        SELECT key, true AS is_whole, 0::UBIGINT AS lengths FROM asked_owners
        UNION ALL
        SELECT split_part(key, '/', 1), false, 1::UBIGINT << (strlen(key) % 64)::UBIGINT FROM asked_repositories)
    GROUP BY key"""

_CANDIDATES = f"""
    SELECT s.*, t.is_whole FROM {REPOSITORIES} s JOIN touched_owners t ON s.owner_key = t.key
    WHERE t.is_whole OR (t.lengths >> (strlen(s.repo_name) % 64)::UBIGINT) & 1 = 1"""  # noqa: S608 - our tables


def sweep(
    cursor: duckdb.DuckDBPyConnection,
    *,
    owners: Collection[str],
    repositories: Collection[str],
    repository_ids: Collection[int],
) -> Iterator[Match]:
    """Yield each repository that is asked for by owner, full name or id once, with all reasons; in no set order.

    One pass by names and one by ids, each only where there are any.
    """
    width = len(COLUMNS)
    for row in _found(cursor, COLUMNS, owners, repositories, repository_ids):
        yield Match(to_repository(row), _BY[row[width:]])


def sweep_rows(
    cursor: duckdb.DuckDBPyConnection,
    *,
    owners: Collection[str],
    repositories: Collection[str],
    repository_ids: Collection[int],
) -> Iterator[FoundRow]:
    """Yield the same as plain rows: name, id, files, bytes and the three reasons. Nothing else is read or made."""
    return _found(cursor, _BRIEF, owners, repositories, repository_ids)


def brief_match(row: FoundRow) -> Match:
    """Return a row as a Match; the fields that it does not have are empty."""
    name, number, files, size, *flags = row
    # An index holds no name with a character outside ASCII.
    key = name.lower()
    return Match(IndexedRepository(name, key.partition("/")[0], key, number, files, size), _BY[tuple(flags)])


def _found(
    cursor: duckdb.DuckDBPyConnection,
    columns: Sequence[str],
    owners: Collection[str],
    repositories: Collection[str],
    repository_ids: Collection[int],
) -> Iterator[tuple[Any, ...]]:
    """Yield `columns` and a flag for each of _REASONS."""
    owner_keys, repo_keys, ids = _keys(owners), _keys(repositories), _ids(repository_ids)
    _register(cursor, "asked_owners", owner_keys, pa.string())
    _register(cursor, "asked_repositories", repo_keys, pa.string())
    _register(cursor, "asked_ids", ids, pa.int64())
    selected = ", ".join(_KEYS.get(name, f"r.{name}") for name in columns)
    if owner_keys or repo_keys:
        cursor.execute(_TOUCHED)
        yield from stream(cursor.execute(_by_names(selected, has_ids=bool(ids))))
    if ids:
        yield from stream(cursor.execute(_by_ids(selected)))


def _by_names(selected: str, *, has_ids: bool) -> str:
    """Return the query for what is found by name and not by id too.

    The join with the owners of all that is asked comes first: DuckDB hands its keys to the Parquet reader, and most
    rows end there.
    """
    others = "ANTI JOIN asked_ids i ON r.repo_id = i.key" if has_ids else ""
    return f"""
        SELECT {selected}, r.is_whole, n.key IS NOT NULL, false
        FROM ({_CANDIDATES}) r LEFT JOIN asked_repositories n ON {_REPO_KEY} = n.key {others}
        WHERE r.is_whole OR n.key IS NOT NULL"""  # noqa: S608 - our tables


def _by_ids(selected: str) -> str:
    return f"""
        SELECT {selected}, o.key IS NOT NULL, n.key IS NOT NULL, true
        FROM {REPOSITORIES} r JOIN asked_ids i ON r.repo_id = i.key
        LEFT JOIN asked_owners o ON r.owner_key = o.key
        LEFT JOIN asked_repositories n ON {_REPO_KEY} = n.key"""  # noqa: S608 - our tables


def _register(cursor: duckdb.DuckDBPyConnection, table: str, keys: set[Any], kind: pa.DataType) -> None:
    cursor.register(table, pa.table({"key": pa.array(list(keys), kind)}))


def _keys(names: Collection[str]) -> set[str]:
    return {key for name in names if (key := match_key(name))}


def _ids(numbers: Collection[int]) -> set[int]:
    return {number for number in numbers if 0 < number <= LARGEST_ID}

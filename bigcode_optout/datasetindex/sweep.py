# ruff: noqa: S608 - made of our own tables and column names only; what is asked for comes as tables of its own
"""Find what many scopes cover at once in the published form alone, as joins of the index with what was asked."""

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from .asked import Asked
from .connections import REPOSITORIES
from .refused import key_sql, owner_key_sql

# The folded name is made of the name, which is read anyway: it costs less than reading the stored one too.
_REPO_KEY, _OWNER_KEY = key_sql("r.repo_name"), owner_key_sql("r.repo_name")
_KEYS = {"repo_key": _REPO_KEY, "owner_key": _OWNER_KEY}

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
    WHERE t.is_whole OR (t.lengths >> (strlen(s.repo_name) % 64)::UBIGINT) & 1 = 1"""


def register(cursor: duckdb.DuckDBPyConnection, asked: Asked) -> None:
    """Make tables of what is asked: `asked_owners`, `asked_repositories` and `asked_ids`, each with a column `key`."""
    for table, keys in (
        ("asked_owners", asked.owners),
        ("asked_repositories", asked.repositories),
        ("asked_ids", asked.ids),
    ):
        cursor.register(table, pa.table({"key": keys}))


def by_names(cursor: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> duckdb.DuckDBPyRelation:
    """Return what is asked for by name and not by id too: `columns`, and whether by owner, by name and by id."""
    cursor.execute(_TOUCHED)
    return cursor.sql(f"""
        SELECT {_selected(columns)}, o.key IS NOT NULL, n.key IS NOT NULL, false
        FROM ({_OF_OWNERS}) r
        LEFT JOIN asked_owners o ON {_OWNER_KEY} = o.key
        LEFT JOIN asked_repositories n ON {_REPO_KEY} = n.key ANTI JOIN asked_ids i ON r.repo_id = i.key
        WHERE o.key IS NOT NULL OR n.key IS NOT NULL""")


def by_ids(cursor: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> duckdb.DuckDBPyRelation:
    """Return what is asked for by id: the same columns."""
    return cursor.sql(f"""
        SELECT {_selected(columns)}, o.key IS NOT NULL, n.key IS NOT NULL, true
        FROM {REPOSITORIES} r JOIN asked_ids i ON r.repo_id = i.key
        LEFT JOIN asked_owners o ON {_OWNER_KEY} = o.key
        LEFT JOIN asked_repositories n ON {_REPO_KEY} = n.key""")


def _selected(columns: Sequence[str]) -> str:
    return ", ".join(_KEYS.get(name, f"r.{name}") for name in columns)

# ruff: noqa: S608 - made of our own expressions, column names (PARTS) and scans; names of people come in as rows
"""From the parts of one bucket to one row for each repository, in the order of the published form."""

from collections.abc import Collection

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .piles import POOL
from .readers import PARTS
from .refused import key_sql, owner_key_sql

TOP = 5

OPTIONAL = ("is_fork", "parent", "held_as", "shared_files", "other_holders")
"""Columns of the published form that are left out where no input carries them."""

_COLUMNS = (
    "owner_key",
    "repo_key",
    "repo_name",
    "repo_id",
    "files",
    "bytes",
    "languages",
    "licences",
    "licence_types",
    "stars",
    "newest",
    *OPTIONAL,
)

REPEATED = """CREATE TABLE repeated AS
    SELECT repo_name, repo_id FROM parts GROUP BY ALL HAVING count(*) > 1"""
"""Repositories that have several parts; the others need no grouping."""

# A repository's key with a character before all others for the slash sorts as (owner_key, repo_key) do.
_IN_ORDER = f"""SELECT row FROM keys
    ORDER BY replace({key_sql("repo_name")}, '/', chr(1)), repo_name, repo_id"""

_ONE_PART = {
    "languages": "CASE WHEN language IS NULL THEN [] "
    "ELSE [{'language': language, 'files': files, 'bytes': bytes}] END",
    # Most have none or one, and sorting lists takes a fifth of the time of a bucket.
    "licences": "CASE WHEN licences IS NULL OR len(licences) = 0 THEN [] "
    "WHEN len(licences) = 1 AND licences[1] IS NOT NULL THEN licences "
    f"ELSE list_sort(list_distinct(licences))[:{TOP}] END",
    "licence_types": "CASE WHEN licence_type IS NULL THEN [] ELSE [licence_type] END",
}

_SUMS = {
    "files": "sum(files)::BIGINT",
    "bytes": "sum(bytes)::BIGINT",
    "stars": "max(stars)",
    "newest": "max(newest)",
    "is_fork": "bool_or(is_fork)",
    "parent": "max(parent)",
    "held_as": "bit_or(held_as)",
    "shared_files": "sum(shared_files)::BIGINT",
    "other_holders": "sum(other_holders)::BIGINT",
}

_LANGUAGES = f"""
    SELECT repo_name, repo_id,
           list({{'language': language, 'files': files, 'bytes': bytes}}
                ORDER BY bytes DESC, files DESC, language)[:{TOP}] AS languages
    FROM (SELECT repo_name, repo_id, language, sum(files)::BIGINT AS files, sum(bytes)::BIGINT AS bytes
          FROM several WHERE language IS NOT NULL GROUP BY repo_name, repo_id, language)
    GROUP BY repo_name, repo_id"""

_LICENCES = f"""
    SELECT repo_name, repo_id, list(licence ORDER BY files DESC, licence)[:{TOP}] AS licences
    FROM (SELECT repo_name, repo_id, licence, sum(files) AS files
          FROM (SELECT repo_name, repo_id, unnest(list_distinct(licences)) AS licence, files FROM several)
          WHERE licence IS NOT NULL GROUP BY repo_name, repo_id, licence)
    GROUP BY repo_name, repo_id"""


def in_order(connection: duckdb.DuckDBPyConnection, parts: pa.Table) -> pa.Table | None:
    """Return `parts` in the order of the published form; None if a repository has several.

    Only keys and row numbers are sorted: that and putting the rows in their places by it takes half the time of
    sorting whole rows.
    """
    keys = parts.select(["repo_name", "repo_id"])
    numbered = keys.append_column("row", pa.array(np.arange(len(parts), dtype=np.int32)))
    connection.register("keys", numbered)
    rows = pa.array(connection.execute(_IN_ORDER).fetchnumpy()["row"])
    connection.unregister("keys")
    if _is_any_repeated(pc.take(keys, rows, memory_pool=POOL)):
        return None
    return pc.take(parts, rows, memory_pool=POOL)


def _is_any_repeated(keys: pa.Table) -> bool:
    """Tell whether a row of sorted `keys` is the same as the one before."""
    same = [pc.equal(column[1:], column[:-1]) for column in (keys["repo_name"], keys["repo_id"])]
    return bool(pc.any(pc.and_(*same)).as_py())


def parts_view(source: str, carried: Collection[str]) -> str:
    """Return SQL that makes the view `parts` of a bucket's parts, with every column of PARTS."""
    columns = ", ".join(
        name if name in carried else f"NULL::{kind} AS {name}" for name, kind in PARTS.items()
    )
    return f"CREATE OR REPLACE VIEW parts AS SELECT {columns} FROM {source}"


def as_they_stand(carried: Collection[str]) -> str:
    """Return SQL for the rows of the published form out of the view `parts`, where each part is a repository."""
    return f"SELECT {_from_one_part(_published(carried))} FROM parts"


def gathered(carried: Collection[str]) -> str:
    """Return SQL for the rows of the published form, sorted, out of the view `parts` and the table of REPEATED."""
    columns = _published(carried)
    return f"""
        WITH several AS (SELECT * FROM parts SEMI JOIN repeated USING (repo_name, repo_id))
        SELECT * FROM (
            SELECT {_from_one_part(columns)} FROM (SELECT * FROM parts ANTI JOIN repeated USING (repo_name, repo_id))
            UNION ALL
            SELECT {_selected(columns)} FROM ({_totals(columns)})
            LEFT JOIN ({_LANGUAGES}) USING (repo_name, repo_id)
            LEFT JOIN ({_LICENCES}) USING (repo_name, repo_id))
        ORDER BY owner_key, repo_key, repo_name, repo_id NULLS FIRST"""


def _published(carried: Collection[str]) -> list[str]:
    return [name for name in _COLUMNS if name not in OPTIONAL or name in carried]


def _from_one_part(columns: Collection[str]) -> str:
    return ", ".join(f"{_derived(name)} AS {name}" for name in columns)


def _derived(name: str) -> str:
    known = {
        "owner_key": owner_key_sql("repo_name"),
        "repo_key": key_sql("repo_name"),
        "repo_id": "nullif(repo_id, 0)",
        **_ONE_PART,
    }
    return known.get(name, name)


def _totals(columns: Collection[str]) -> str:
    sums = ", ".join(f"{sql} AS {name}" for name, sql in _SUMS.items() if name in columns)
    return f"""SELECT repo_name, repo_id, {sums},
                      coalesce(list_sort(list_distinct(list(licence_type))), []) AS licence_types
               FROM several GROUP BY repo_name, repo_id"""


def _selected(columns: Collection[str]) -> str:
    lists = {name: f"coalesce({name}, []) AS {name}" for name in ("languages", "licences")}
    ours = ("owner_key", "repo_key", "repo_id")
    return ", ".join(
        f"{_derived(name)} AS {name}" if name in ours else lists.get(name, name) for name in columns
    )

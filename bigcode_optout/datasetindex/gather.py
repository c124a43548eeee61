"""From the parts of one bucket to one row for each repository, in the order of the published form: the SQL."""

from collections.abc import Collection

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

ARE_ALL_DIFFERENT = "SELECT count(*) = count(DISTINCT hash(repo_name, repo_id)) FROM parts"
"""True when no repository has several parts: half the time of REPEATED, and enough where rows are repositories."""

REPEATED = """CREATE TABLE repeated AS
    SELECT repo_name, repo_id FROM parts GROUP BY ALL HAVING count(*) > 1"""
"""Repositories that have several parts; the others need no grouping."""

# A repository's key with a character before all others for the slash sorts as (owner_key, repo_key) do.
_IN_ORDER = f"ORDER BY replace({key_sql('repo_name')}, '/', chr(1)), repo_name, repo_id"

_FROM_ONE_PART = {
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
    GROUP BY repo_name, repo_id"""  # noqa: S608 - all SQL here is ours; names come in as rows

_LICENCES = f"""
    SELECT repo_name, repo_id, list(licence ORDER BY files DESC, licence)[:{TOP}] AS licences
    FROM (SELECT repo_name, repo_id, licence, sum(files) AS files
          FROM (SELECT repo_name, repo_id, unnest(list_distinct(licences)) AS licence, files FROM several)
          WHERE licence IS NOT NULL GROUP BY repo_name, repo_id, licence)
    GROUP BY repo_name, repo_id"""  # noqa: S608 - as above


def parts_view(scratch: str, carried: Collection[str]) -> str:
    """Return SQL that makes the view `parts` of a bucket's scratch files, with every column of PARTS."""
    columns = ", ".join(
        name if name in carried else f"NULL::{kind} AS {name}" for name, kind in PARTS.items()
    )
    return f"CREATE VIEW parts AS SELECT {columns} FROM {scratch}"  # noqa: S608 - as above


def repositories(carried: Collection[str], *, is_any_repeated: bool) -> str:
    """Return SQL for the rows of the published form, sorted, out of the view `parts`.

    Where no repository has several parts (`is_any_repeated` is false), all rows go through as they are, and only flat
    columns are sorted.
    """
    columns = [name for name in _COLUMNS if name not in OPTIONAL or name in carried]
    one_part = ", ".join(f"{_derived(name)} AS {name}" for name in columns)
    if not is_any_repeated:
        return f"SELECT {one_part} FROM (SELECT * FROM parts {_IN_ORDER})"  # noqa: S608 - as above
    return f"""
        WITH several AS (SELECT * FROM parts SEMI JOIN repeated USING (repo_name, repo_id))
        SELECT * FROM (
            SELECT {one_part} FROM (SELECT * FROM parts ANTI JOIN repeated USING (repo_name, repo_id))
            UNION ALL
            SELECT {_selected(columns)} FROM ({_totals(columns)})
            LEFT JOIN ({_LANGUAGES}) USING (repo_name, repo_id)
            LEFT JOIN ({_LICENCES}) USING (repo_name, repo_id))
        ORDER BY owner_key, repo_key, repo_name, repo_id NULLS FIRST"""  # noqa: S608 - as above


def _derived(name: str) -> str:
    known = {
        "owner_key": owner_key_sql("repo_name"),
        "repo_key": key_sql("repo_name"),
        "repo_id": "nullif(repo_id, 0)",
        **_FROM_ONE_PART,
    }
    return known.get(name, name)


def _totals(columns: Collection[str]) -> str:
    sums = ", ".join(f"{sql} AS {name}" for name, sql in _SUMS.items() if name in columns)
    return f"""SELECT repo_name, repo_id, {sums},
                      coalesce(list_sort(list_distinct(list(licence_type))), []) AS licence_types
               FROM several GROUP BY repo_name, repo_id"""  # noqa: S608 - as above


def _selected(columns: Collection[str]) -> str:
    lists = {name: f"coalesce({name}, []) AS {name}" for name in ("languages", "licences")}
    ours = ("owner_key", "repo_key", "repo_id")
    return ", ".join(
        f"{_derived(name)} AS {name}" if name in ours else lists.get(name, name) for name in columns
    )

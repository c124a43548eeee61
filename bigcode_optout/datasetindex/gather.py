"""From the table of parts to one row for each repository: the SQL in between."""

import duckdb

from bigcode_optout.names import fold_sql

from .manifest import RefusedNames
from .refused import kind_sql

TOP = 5

_PARTS = """CREATE TABLE parts (repo_name VARCHAR, repo_id BIGINT, language VARCHAR, licences VARCHAR[],
    licence_type VARCHAR, files BIGINT, bytes BIGINT, stars BIGINT, newest DATE)"""

_FAULTS = f"""CREATE TABLE faults AS
    SELECT kind, count(*) AS names, sum(files)::BIGINT AS files FROM (
        SELECT {kind_sql("repo_name")} AS kind, repo_name, sum(files) AS files FROM parts GROUP BY repo_name)
    WHERE kind IS NOT NULL GROUP BY kind"""  # noqa: S608 - all SQL here is ours; names come in as rows

_TOTALS = f"""CREATE TABLE totals AS
    SELECT * FROM (
        SELECT repo_name, repo_id, sum(files)::BIGINT AS files, sum(bytes)::BIGINT AS bytes,
               max(stars) AS stars, max(newest) AS newest,
               list_sort(list_distinct(list(licence_type))) AS licence_types
        FROM parts GROUP BY repo_name, repo_id)
    WHERE {kind_sql("repo_name")} IS NULL"""  # noqa: S608 - as above

_LANGUAGES = f"""CREATE TABLE languages AS
    SELECT repo_name, repo_id,
           list({{'language': language, 'files': files, 'bytes': bytes}}
                ORDER BY bytes DESC, files DESC, language)[:{TOP}] AS languages
    FROM (SELECT repo_name, repo_id, language, sum(files)::BIGINT AS files, sum(bytes)::BIGINT AS bytes
          FROM parts WHERE language IS NOT NULL GROUP BY repo_name, repo_id, language)
    GROUP BY repo_name, repo_id"""  # noqa: S608 - as above

_LICENCES = f"""CREATE TABLE licences AS
    SELECT repo_name, repo_id, list(licence ORDER BY files DESC, licence)[:{TOP}] AS licences
    FROM (SELECT repo_name, repo_id, licence, sum(files) AS files
          FROM (SELECT repo_name, repo_id, unnest(list_distinct(licences)) AS licence, files FROM parts)
          WHERE licence IS NOT NULL GROUP BY repo_name, repo_id, licence)
    GROUP BY repo_name, repo_id"""  # noqa: S608 - as above

REPOSITORIES = f"""
    SELECT {fold_sql("split_part(repo_name, '/', 1)")} AS owner_key,
           {fold_sql("repo_name")} AS repo_key,
           repo_name, nullif(repo_id, 0) AS repo_id, files, bytes,
           coalesce(languages, []) AS languages, coalesce(licences, []) AS licences,
           coalesce(licence_types, []) AS licence_types,
           stars, NULL::BOOLEAN AS is_fork, newest
    FROM totals LEFT JOIN languages USING (repo_name, repo_id) LEFT JOIN licences USING (repo_name, repo_id)
    ORDER BY owner_key, repo_key, repo_name, repo_id NULLS FIRST"""  # noqa: S608 - as above
"""One row for each (name as in the dataset, repository id), in the order that look-ups rely on."""


def create_parts(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the empty table that the readers fill; in it a repository id of 0 means none."""
    connection.execute(_PARTS)


def gather(connection: duckdb.DuckDBPyConnection) -> dict[str, RefusedNames]:
    """Make the tables behind REPOSITORIES from `parts`; return the malformed names by kind."""
    for statement in (_FAULTS, _TOTALS, _LANGUAGES, _LICENCES):
        connection.execute(statement)
    rows = connection.execute("SELECT kind, names, files FROM faults ORDER BY kind").fetchall()
    return {kind: RefusedNames(names, files) for kind, names, files in rows}


def count(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many repositories, owners, files, bytes and known repository ids (`ids`) were gathered."""
    names = ("repositories", "owners", "files", "bytes", "ids")
    owner_key = fold_sql("split_part(repo_name, '/', 1)")
    row = connection.execute(
        f"""SELECT count(*), count(DISTINCT {owner_key}), coalesce(sum(files), 0), coalesce(sum(bytes), 0),
                   count(nullif(repo_id, 0)) FROM totals"""  # noqa: S608 - no outside text
    ).fetchone()
    return dict(zip(names, map(int, row or ()), strict=True))

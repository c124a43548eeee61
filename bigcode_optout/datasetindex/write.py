"""Write the Parquet file of a bucket and read back that it came out sorted, and what it holds."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from .engine import quoted, scan
from .errors import IndexBuildError

ROW_GROUP_ROWS = 8_192
"""Small, so that a look-up of one owner reads one or two row groups."""

_OPTIONS = f"FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP_ROWS}"

_BACK = """
    SELECT count(*), coalesce(sum((owner IS DISTINCT FROM owner_before)::INT), 0), coalesce(sum(files), 0),
           coalesce(sum(bytes), 0), count(repo_id),
           count(*) FILTER (owner_before IS NOT NULL AND NOT (owner > owner_before OR owner = owner_before AND
               (key > key_before OR key = key_before AND
                   (name > name_before OR name = name_before AND id > id_before))))
    FROM (SELECT owner_key AS owner, repo_key AS key, repo_name AS name, coalesce(repo_id, 0) AS id,
                 lag(owner_key) OVER () AS owner_before, lag(repo_key) OVER () AS key_before,
                 lag(repo_name) OVER () AS name_before, lag(coalesce(repo_id, 0)) OVER () AS id_before,
                 files, bytes, repo_id
          FROM {})"""


@dataclass(frozen=True, slots=True)
class Counts:
    """What a file holds; `ids` counts the repositories whose id is known."""

    repositories: int = 0
    owners: int = 0
    files: int = 0
    bytes: int = 0
    ids: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.repositories + other.repositories,
            self.owners + other.owners,
            self.files + other.files,
            self.bytes + other.bytes,
            self.ids + other.ids,
        )


def write_sorted(connection: duckdb.DuckDBPyConnection, rows: str, path: Path) -> Counts:
    """Write the rows of the SQL `rows` to `path` and return what a reading of the file finds there.

    Raises IndexBuildError unless every row comes strictly after the one before it.
    """
    connection.execute(f"COPY ({rows}) TO {quoted(path)} ({_OPTIONS})")
    return read_back(connection, path)


def read_back(connection: duckdb.DuckDBPyConnection, path: Path) -> Counts:
    """Count what stands in `path`. `connection` has one thread, so that rows come as they stand.

    Raises IndexBuildError unless they rise by owner key, full-name key, name and id, null ids first.
    """
    row = connection.execute(_BACK.format(scan(path))).fetchone()
    assert row is not None
    *counts, misplaced = map(int, row)
    if misplaced:
        raise IndexBuildError(f"{path.name} did not come out sorted; nothing was put in place.")
    return Counts(*counts)

"""Put together what all partitions say of a repository, under its name in the index."""

import glob
from collections.abc import Sequence
from pathlib import Path

import duckdb

from ..engine import quoted
from ..errors import IndexBuildError
from ..write import ROW_GROUP_ROWS
from .scatter import OWNER_SQL, REPOSITORY_SQL, read_partition, scan, write_partitioned

_NAMES = f"""SELECT owner_key, repo_key, repo_name, repo_id,
           {OWNER_SQL.format(owner_key="owner_key")} AS owner,
           {REPOSITORY_SQL.format(repo_name="repo_name", repo_id="coalesce(repo_id, 0)")} AS repo
    FROM {{files}}"""  # noqa: S608 - all SQL here is ours

_NO_SUMS = """(SELECT 0::UBIGINT AS owner, 0::UBIGINT AS repo, 0::BIGINT AS files, 0::BIGINT AS copied,
    0::BIGINT AS contents, 0::BIGINT AS widespread, 0::BIGINT AS most_owners WHERE false)"""
_NO_OTHERS = "(SELECT 0::UBIGINT AS owner, 0::UBIGINT AS repo, 0::UBIGINT AS other WHERE false)"
_NO_NAMES = """(SELECT '' AS owner_key, '' AS repo_key, '' AS repo_name, 0::BIGINT AS repo_id,
    0::UBIGINT AS owner, 0::UBIGINT AS repo WHERE false)"""

_FOUND = """CREATE OR REPLACE TEMP TABLE found AS
    WITH counted AS (
        SELECT owner, repo, sum(files)::BIGINT AS files, sum(copied)::BIGINT AS copied,
               sum(contents) AS contents, sum(widespread) AS widespread, max(most_owners) AS most_owners
        FROM {sums} GROUP BY owner, repo),
    known AS (
        SELECT owner, repo, count(*) AS owners
        FROM (SELECT DISTINCT owner, repo, other FROM {others}) GROUP BY owner, repo)
    SELECT owner, repo, files AS files_counted, copied AS copied_files,
           greatest(coalesce(owners, 0), most_owners - 1, 0)::BIGINT AS copy_owners,
           (widespread > 0 AND contents > 1) AS is_at_least
    FROM counted LEFT JOIN known USING (owner, repo)"""

_STRANGERS = "SELECT count(*) FROM found ANTI JOIN {names} USING (owner, repo)"

_ROWS = """SELECT owner_key, repo_key, repo_name, repo_id, files_counted, copied_files, copy_owners, is_at_least
    FROM {names} JOIN found USING (owner, repo)
    ORDER BY owner_key, repo_key, repo_name, repo_id NULLS FIRST"""

_MISPLACED = """SELECT count(*) FROM (
        SELECT *, lag(here) OVER (ORDER BY file_row_number) AS before FROM (
            SELECT file_row_number, row(owner_key, repo_key, repo_name, coalesce(repo_id, 0)) AS here
            FROM read_parquet(?, file_row_number = true, hive_partitioning = false)))
    WHERE before >= here"""


def scatter_names(
    connection: duckdb.DuckDBPyConnection, folder: Path, *, index_files: Sequence[Path], buckets: int
) -> None:
    """Write the names in the index, with the bits that stand for them, to `folder/bucket=N/…`."""
    select = f"SELECT *, owner & {buckets - 1} AS bucket FROM ({_NAMES.format(files=scan(index_files))})"  # noqa: S608 - as above
    write_partitioned(connection, select, folder, "bucket")


def collect(connection: duckdb.DuckDBPyConnection, scratch: Path, target: Path, *, bucket: int) -> None:
    """Write one bucket of the result to the file `target`, sorted.

    A content that is widespread counts with the number of its owners but does not name them. So the largest
    of these numbers, and the owners known by name, are both no more than the truth; `is_at_least` is true
    where they may be less, which is where a widespread content is not the only one that is copied. Raises
    IndexBuildError for a repository that the index does not have.
    """
    names = read_partition(scratch / "names", "bucket", bucket) or _NO_NAMES
    sums = read_partition(scratch / "found", "bucket", bucket, "sums") or _NO_SUMS
    others = read_partition(scratch / "found", "bucket", bucket, "others") or _NO_OTHERS
    connection.execute(_FOUND.format(sums=sums, others=others))
    [strangers] = connection.execute(_STRANGERS.format(names=names)).fetchone() or (0,)
    if strangers:
        raise IndexBuildError(
            f"The inputs have {strangers:,} repositories that the index does not have. "
            "Give the files that it was built from."
        )
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP_ROWS}"
    connection.execute(f"COPY ({_ROWS.format(names=names)}) TO {quoted(target)} ({options})")
    _check_order(connection, target)
    connection.execute("DROP TABLE found")


def _check_order(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    [misplaced] = connection.execute(_MISPLACED, [glob.escape(str(path))]).fetchone() or (0,)
    if misplaced:
        raise IndexBuildError(f"{path.name} did not come out sorted; nothing was put in place.")


def count(connection: duckdb.DuckDBPyConnection, results: Sequence[Path]) -> dict[str, int]:
    """Return how many repositories, files counted, copied files and repositories with any are in `results`."""
    names = ("repositories", "files_counted", "copied_files", "repositories_with_copies")
    row = connection.execute(
        f"""SELECT count(*), coalesce(sum(files_counted), 0), coalesce(sum(copied_files), 0),
                   count(*) FILTER (copied_files > 0) FROM {scan(results)}"""  # noqa: S608 - our own files
    ).fetchone()
    return dict(zip(names, map(int, row or ()), strict=True))

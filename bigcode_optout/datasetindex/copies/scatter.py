"""Write what the input files hold into partitions by content, each row as short as it can be."""

import glob
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from ..engine import quoted
from ..errors import IndexBuildError
from ..inputs import InputFile, first_line
from ..refused import is_valid_sql, owner_key_sql
from .contents import Contents

COUNTED_NAME = "counted.json"

OWNER_SQL = "md5_number_lower({owner_key})"
"""An owner as 64 bits. Two of 100 million owners share them in one of 3,700 builds (n²/2⁶⁵); copies between
these two would then be missed."""

REPOSITORY_SQL = "md5_number_lower({repo_name} || ' ' || {repo_id})"
"""A repository as 64 bits beside those of its owner; no valid name has a space. `repo_id` is 0 for none."""

_CONTENT_SQL = "md5_number(content)::UUID"
"""A content as 128 bits, whatever kind of id the schema has, in a type that Parquet keeps as it is."""

_OWNER = OWNER_SQL.format(owner_key=owner_key_sql("repo_name"))
_REPOSITORY = REPOSITORY_SQL.format(repo_name="repo_name", repo_id="repo_id")


def scatter(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    files: Sequence[InputFile],
    *,
    contents: Contents,
    partitions: int,
    on_file: Callable[[int], None],
) -> None:
    """Write the rows of `files` to `folder/part=N/…` (owner, repo, content) and their number beside them.

    Rows with a malformed name are left out, and those without a content id are counted only. Raises
    IndexBuildError naming the file that cannot be read.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE lot (owner UBIGINT, repo UBIGINT, content UUID, files BIGINT)"
    )
    for position, file in enumerate(files):
        on_file(position)
        try:
            _name(connection, file, contents)
            _read(connection, file, contents)
        except duckdb.Error as error:
            raise IndexBuildError(f"{file.path} could not be read: {first_line(error)}.") from error
    rows = f"""SELECT owner, repo, content, hash(content) & {partitions - 1} AS part
               FROM lot WHERE content IS NOT NULL"""  # noqa: S608 - a number of ours
    write_partitioned(connection, rows, folder, "part")
    [counted] = connection.execute("SELECT coalesce(sum(files), 0) FROM lot").fetchone() or (0,)
    (folder / COUNTED_NAME).write_text(json.dumps({"files": int(counted)}), encoding="utf-8")
    connection.execute("DROP TABLE lot; DROP TABLE named")


def _name(connection: duckdb.DuckDBPyConnection, file: InputFile, contents: Contents) -> None:
    """Make the table `named`: each valid name in a file with the bits that stand for it."""
    # First without a test, so that names are judged once each: DuckDB would push the test of a name below
    # the DISTINCT and make it for every row, which took most of the time.
    with contents.names(connection, file) as names:
        names.create_view("incoming", replace=True)
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE named AS SELECT DISTINCT repo_name, repo_id FROM incoming"
        )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE named AS
            SELECT repo_name, repo_id, {_OWNER} AS owner, {_REPOSITORY} AS repo
            FROM named WHERE {is_valid_sql("repo_name")}"""  # noqa: S608 - all SQL here is ours
    )


def _read(connection: duckdb.DuckDBPyConnection, file: InputFile, contents: Contents) -> None:
    """Add the files of valid names to the lot, also those without a content id."""
    with contents.held(connection, file) as held:
        held.create_view("incoming", replace=True)
        connection.execute(
            f"""INSERT INTO lot SELECT owner, repo, {_CONTENT_SQL}, files
                FROM incoming JOIN named USING (repo_name, repo_id)"""  # noqa: S608 - as above
        )
    connection.execute("DROP VIEW incoming")


def write_partitioned(connection: duckdb.DuckDBPyConnection, select: str, folder: Path, column: str) -> None:
    """Write the rows of a query to `folder/<column>=N/…`, N being its last column."""
    # Hashes do not compress, and trying to costs a fifth of the pass.
    connection.execute(
        f"COPY ({select}) TO {quoted(folder)} (FORMAT parquet, COMPRESSION uncompressed, PARTITION_BY ({column}))"
    )


def read_partition(folder: Path, column: str, number: int, below: str = "") -> str | None:
    """Return SQL that scans one partition of all that `write_partitioned` wrote to `folder/*/below`.

    None where nothing is in it.
    """
    files = sorted(folder.glob(str(Path("*", below, f"{column}={number}", "*.parquet"))))
    return scan(files) if files else None


def scan(files: Sequence[Path]) -> str:
    """Return SQL that scans Parquet files, whatever letters their paths have."""
    listed = ", ".join(quoted(glob.escape(str(path))) for path in files)
    return f"read_parquet([{listed}], hive_partitioning = false)"

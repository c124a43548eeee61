"""Write a small file of the v2 kind from plain rows: for demonstrations and invented waves."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def write_rows(path: Path, rows: Iterable[tuple[str, int | None, int]]) -> None:
    """One file of the dataset a row: repository as in the dataset, its number or None, size in bytes.

    Has the columns that a build with `--schema v2` needs. Raises OSError.
    """
    listed = list(rows)
    table = pa.table(
        {
            "repo_name": pa.array([row[0] for row in listed], pa.string()),
            "github_id": pa.array([row[1] for row in listed], pa.int64()),
            "length_bytes": pa.array([row[2] for row in listed], pa.int64()),
            "language": pa.array(["Python"] * len(listed), pa.string()),
            "path": pa.array([f"/file{number}.py" for number in range(len(listed))], pa.string()),
        }
    )
    pq.write_table(table, path)

"""Write the sorted Parquet file of an index and check that it came out sorted."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .errors import IndexBuildError
from .gather import REPOSITORIES

ROW_GROUP_ROWS = 8_192
"""Small, so that a look-up of one owner reads one or two row groups."""

_ORDER = ("owner_key", "repo_key", "repo_name", "repo_id")


def write_repositories(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write the gathered repositories to `path`, sorted, and read the order back."""
    target = str(path).replace("'", "''")
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP_ROWS}"
    connection.execute(f"COPY ({REPOSITORIES}) TO '{target}' ({options})")
    check_order(path)


def check_order(path: Path) -> None:
    """Raise IndexBuildError unless every row of `path` comes strictly after the one before it."""
    last: pa.RecordBatch | None = None
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=65_536, columns=list(_ORDER)):
            if not batch.num_rows:
                continue
            rows = pa.Table.from_batches([batch] if last is None else [last, batch])
            if not _is_strictly_rising(rows):
                raise IndexBuildError(f"{path.name} did not come out sorted; nothing was put in place.")
            last = batch.slice(batch.num_rows - 1)


def _is_strictly_rising(rows: pa.Table) -> bool:
    before, after = rows.slice(0, rows.num_rows - 1), rows.slice(1)
    rising = pa.array([False] * before.num_rows, pa.bool_())
    # From the last key to the first: in order if this key rises, or is equal and the later ones rise.
    for name in reversed(_ORDER):
        left, right = before[name], after[name]
        if name == "repo_id":
            left, right = pc.fill_null(left, 0), pc.fill_null(right, 0)
        rising = pc.or_(pc.less(left, right), pc.and_(pc.equal(left, right), rising))
    return bool(pc.all(rising, min_count=0).as_py())

"""Read some fields of the nested columns of a Parquet file, and not a byte of the others.

DuckDB reads a whole list of structs for any field of it; in v3 that is all the contents. In a Parquet file
each field is a column of its own (a leaf), and pyarrow reads those that are named.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ..engine import FAILURES
from ..errors import IndexBuildError
from ..inputs import InputFile, first_line

_BATCH_VALUES = 100_000
"""Values of the longest leaf in memory at once, on average: a row is a repository with all its files."""

_READ_BYTES = 1 << 20


@contextmanager
def leaf_rows(
    connection: duckdb.DuckDBPyConnection, file: InputFile, paths: Iterable[Sequence[str]]
) -> Iterator[duckdb.DuckDBPyRelation]:
    """Yield a relation, to be read once, with the fields at `paths`, nested as they are in `file`.

    What pyarrow finds wrong while the relation is read leaves the `with` as IndexBuildError.
    """
    # Without pre_buffer, which fetches small gaps between the leaves too and keeps whole row groups.
    with pq.ParquetFile(file.path, pre_buffer=False, buffer_size=_READ_BYTES) as parquet:
        leaves = leaf_names(parquet, paths)
        batches = parquet.iter_batches(batch_size=_batch_rows(parquet, leaves), columns=leaves)
        schema = parquet.read_row_groups([], columns=leaves).schema
        with streamed(connection, file, schema, batches) as relation:
            yield relation


def _batch_rows(parquet: pq.ParquetFile, leaves: Sequence[str]) -> int:
    """Return how many rows hold _BATCH_VALUES, told from the row group in the middle of the file."""
    if not parquet.num_row_groups:
        return 1
    group = parquet.metadata.row_group(parquet.num_row_groups // 2)
    columns = (group.column(number) for number in range(group.num_columns))
    values = max(column.num_values for column in columns if column.path_in_schema in leaves)
    return max(_BATCH_VALUES * group.num_rows // max(values, 1), 1)


@contextmanager
def streamed(
    connection: duckdb.DuckDBPyConnection,
    file: InputFile,
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
) -> Iterator[duckdb.DuckDBPyRelation]:
    """Yield a relation, to be read once, over the record batches that are made of `file`.

    An error that making them raises passes through DuckDB as one of DuckDB's, or of whoever reads the relation as
    record batches; here it becomes itself again.
    """
    failed: list[IndexBuildError] = []
    reader = pa.RecordBatchReader.from_batches(schema, _watched(file, batches, failed))
    try:
        yield connection.from_arrow(reader)
    except FAILURES as error:
        if failed:
            raise failed[0] from error
        raise


def _watched(
    file: InputFile, batches: Iterable[pa.RecordBatch], failed: list[IndexBuildError]
) -> Iterator[pa.RecordBatch]:
    try:
        yield from batches
    except IndexBuildError as error:
        failed.append(error)
        raise
    except (pa.ArrowException, OSError) as error:
        failed.append(IndexBuildError(f"{file.path} could not be read: {first_line(error)}."))
        raise


def leaf_names(parquet: pq.ParquetFile, paths: Iterable[Sequence[str]]) -> list[str]:
    """Return the leaves behind `paths`. Writers differ in what they put between a list and its items."""
    wanted = [list(path) for path in paths]
    every = [parquet.schema.column(number).path for number in range(len(parquet.schema))]
    return [leaf for leaf in every if any(_leads_to(path, leaf.split(".")) for path in wanted)]


def _leads_to(path: Sequence[str], leaf: Sequence[str]) -> bool:
    """Tell whether the steps of `path` stand in `leaf` in their order, the first one first."""
    rest = iter(leaf)
    return leaf[0] == path[0] and all(step in rest for step in path)

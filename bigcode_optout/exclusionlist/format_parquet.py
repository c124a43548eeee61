"""Parquet: one file, one schema, the same bytes under the same pyarrow."""

import io
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from .errors import ListBroken
from .schema import Column, Row

_TYPES = {"string": pa.string(), "date32": pa.date32(), "int64": pa.int64(), "bool": pa.bool_()}
_ROWS_PER_GROUP = 65_536
# Rows become Python objects batch by batch; larger ones cost memory and save nothing.
_ROWS_PER_BATCH = 8_192
WRITER_VERSION: str = pa.__version__


def encode(rows: Iterable[Row], columns: tuple[Column, ...], file: BinaryIO) -> None:
    """Write one Parquet file with these columns, zstd, in the order given.

    The file states pyarrow's version in its footer, so the bytes change with pyarrow; the manifest names it.
    """
    schema = _schema(columns)
    # Everything that decides about bytes is said here, so that a changed default does not change them.
    with pq.ParquetWriter(
        file, schema, version="2.6", data_page_version="1.0", compression="zstd", compression_level=3
    ) as writer:
        for group in _groups(rows, columns):
            writer.write_table(pa.table(group, schema=schema))


def decode(content: bytes, columns: tuple[Column, ...]) -> Iterator[Row]:
    """Yield the rows in file order. Raises ListBroken for a file that is no Parquet or has another schema."""
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        if not file.schema_arrow.remove_metadata().equals(_schema(columns)):
            raise ListBroken(
                f"The Parquet file's columns are not those of a list: {_described(file.schema_arrow)}."
            )
        for batch in file.iter_batches(batch_size=_ROWS_PER_BATCH):
            yield from batch.to_pylist()
    except (pa.ArrowException, OSError, UnicodeDecodeError) as wrong:
        raise ListBroken("The data file is not a complete Parquet file.") from wrong


def _groups(rows: Iterable[Row], columns: tuple[Column, ...]) -> Iterator[dict[str, list[Any]]]:
    group: dict[str, list[Any]] = {column.name: [] for column in columns}
    size = 0
    for row in rows:
        for name, values in group.items():
            values.append(row[name])
        size += 1
        if size == _ROWS_PER_GROUP:
            yield group
            group, size = {column.name: [] for column in columns}, 0
    if size:
        yield group


def _schema(columns: tuple[Column, ...]) -> Any:
    return pa.schema([pa.field(column.name, _TYPES[column.type], column.nullable) for column in columns])


def _described(schema: Any) -> str:
    return ", ".join(f"{field.name} {field.type}{'' if field.nullable else ' not null'}" for field in schema)

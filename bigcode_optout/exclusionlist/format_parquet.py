"""Parquet: one file, one schema, the same bytes under the same pyarrow."""

import io
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from .errors import ListBroken
from .rules import Rule
from .schema import COLUMNS, rule_from_row

_TYPES = {"string": pa.string(), "date32": pa.date32(), "int64": pa.int64(), "bool": pa.bool_()}
SCHEMA = pa.schema([pa.field(column.name, _TYPES[column.type], column.nullable) for column in COLUMNS])
_ROWS_PER_GROUP = 65_536
WRITER_VERSION: str = pa.__version__


def encode(rules: list[Rule]) -> bytes:
    """Return one Parquet file with `SCHEMA`, zstd, in the order given.

    The file states pyarrow's version in its footer, so the bytes change with pyarrow; the manifest names it.
    """
    sink = io.BytesIO()
    # Everything that decides about bytes is said here, so that a changed default does not change them.
    with pq.ParquetWriter(
        sink, SCHEMA, version="2.6", data_page_version="1.0", compression="zstd", compression_level=3
    ) as writer:
        for start in range(0, len(rules), _ROWS_PER_GROUP):
            writer.write_table(_table(rules[start : start + _ROWS_PER_GROUP]))
    return sink.getvalue()


def decode(content: bytes) -> list[Rule]:
    """Return the rules in file order. Raises ListBroken for a file that is no Parquet or has another
    schema.
    """
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        if not file.schema_arrow.remove_metadata().equals(SCHEMA):
            raise ListBroken(
                f"The Parquet file's columns are not those of a list: {_described(file.schema_arrow)}."
            )
        return list(_rules(file))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as wrong:
        raise ListBroken("The data file is not a complete Parquet file.") from wrong


def _table(rules: list[Rule]) -> Any:
    columns = {column.name: [getattr(rule, column.name) for rule in rules] for column in COLUMNS}
    return pa.table(columns, schema=SCHEMA)


def _rules(file: Any) -> Iterable[Rule]:
    number = 0
    for batch in file.iter_batches():
        for row in batch.to_pylist():
            number += 1
            yield rule_from_row(row, number=number)


def _described(schema: Any) -> str:
    return ", ".join(f"{field.name} {field.type}{'' if field.nullable else ' not null'}" for field in schema)

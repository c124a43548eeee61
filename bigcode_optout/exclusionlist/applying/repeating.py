"""Columns of few texts: they are read, filtered and written as the dictionaries that they are in the shard.

Making a text of each row and the dictionary of all again is a tenth of a run, and changes nothing.
"""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .distinct import chunks_of, has_texts_once
from .layout import Layout

_LENGTH_BYTES = 4
"""What Parquet writes before each text that stands for itself. Where a row takes less, texts are in a dictionary."""


def repeating_columns(shard: pq.ParquetFile, layout: Layout) -> list[str]:
    """Return the columns of which this is true in every row group; none where holders may have to be emptied."""
    if layout.holders:
        return []
    texts = (field.name for field in shard.schema_arrow if _is_text(field.type))
    return [name for name in texts if has_texts_once(shard, name) and _repeats(shard, name)]


def without_unused(table: pa.Table, columns: Iterable[str]) -> pa.Table:
    """Return the table with dictionaries of what it has: a text of rows that went must not stand in the file."""
    for name in columns:
        chunks = [_used(chunk) for chunk in table.column(name).chunks]
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(place), pa.chunked_array(chunks))
    return table


def _used(column: pa.DictionaryArray) -> pa.DictionaryArray:
    if pc.count_distinct(column.indices).as_py() == len(column.dictionary):
        return column
    return column.cast(column.type.value_type).dictionary_encode()


def _is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


def _repeats(shard: pq.ParquetFile, column: str) -> bool:
    chunks = chunks_of(shard, column)
    return bool(chunks) and all(
        chunk.has_dictionary_page and chunk.total_uncompressed_size < _LENGTH_BYTES * chunk.num_values
        for chunk in chunks or ()
    )

"""A Parquet writer that writes as the shard was written."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..shards import ShardRefused

_CODECS = {"UNCOMPRESSED": "NONE"}
_DICTIONARY = {"PLAIN_DICTIONARY", "RLE_DICTIONARY"}


def same_writer(shard: pq.ParquetFile, target: Path, *, schema: pa.Schema, name: str) -> pq.ParquetWriter:
    """Return a writer into `target` with the shard's schema, metadata, codecs, and kinds of pages.

    `schema` is that of the tables to be written: the shard's own, in which texts may be dictionaries. Kept are: Arrow
    and Parquet schema, key-value metadata, codec and dictionary encoding of each column, statistics, page index,
    sorting columns. Not told by a file, and so this writer's own: compression level, page size. Raises ShardRefused if
    no way of writing gives a Parquet schema in which readers see no difference.
    """
    settings = _settings(shard)
    for is_same in (_exactly, _to_readers):
        for way in _ways(shard):
            probe = pa.BufferOutputStream()
            with _writer(shard, probe, schema, settings | way):
                pass
            if is_same(pq.ParquetFile(pa.BufferReader(probe.getvalue())), shard):
                return _writer(shard, target, schema, settings | way)
    raise ShardRefused(f"{name} has a schema that pyarrow {pa.__version__} cannot write again as it is.")


def _writer(
    shard: pq.ParquetFile, target: Path | pa.NativeFile, schema: pa.Schema, settings: dict[str, Any]
) -> pq.ParquetWriter:
    """The shard's Arrow schema is one of its key-value pairs, so it is copied with them and never made anew."""
    writer = pq.ParquetWriter(target, schema, store_schema=False, **settings)
    if shard.metadata.metadata:
        writer.add_key_value_metadata(shard.metadata.metadata)
    return writer


def _exactly(probe: pq.ParquetFile, shard: pq.ParquetFile) -> bool:
    return bool(probe.schema.equals(shard.schema))


def _to_readers(probe: pq.ParquetFile, shard: pq.ParquetFile) -> bool:
    """Say whether readers see the same columns. Other writers call the root otherwise (`duckdb_schema`,
    `spark_schema`) or note of a plain int64 that it is one; pyarrow cannot say that and nothing depends on it.
    """
    has_same_types = probe.schema_arrow.equals(shard.schema_arrow, check_metadata=True)
    return has_same_types and _leaves(probe) == _leaves(shard)


def _leaves(file: pq.ParquetFile) -> list[tuple[Any, ...]]:
    leaves = (file.schema.column(index) for index in range(len(file.schema)))
    return [
        (leaf.path, leaf.physical_type, leaf.max_definition_level, leaf.max_repetition_level)
        for leaf in leaves
    ]


def _ways(shard: pq.ParquetFile) -> Iterator[dict[str, Any]]:
    """The choices that a file's schema only tells by its result, the likeliest first."""
    stated = str(shard.metadata.format_version)
    for version in dict.fromkeys(["2.6", stated if stated in ("1.0", "2.4") else "2.6", "2.4", "1.0"]):
        for has_element in (True, False):
            yield {"version": version, "use_compliant_nested_type": has_element}


def _settings(shard: pq.ParquetFile) -> dict[str, Any]:
    chunks = _first_chunks(shard)
    if not chunks:
        return {}
    settings: dict[str, Any] = {
        "use_dictionary": _having(chunks, lambda chunk: not _DICTIONARY.isdisjoint(chunk.encodings)),
        "write_statistics": _having(chunks, lambda chunk: chunk.is_stats_set),
        "compression": {
            path: _CODECS.get(chunk.compression, chunk.compression) for path, chunk in chunks.items()
        },
        "use_deprecated_int96_timestamps": any(chunk.physical_type == "INT96" for chunk in chunks.values()),
        "write_page_index": any(chunk.has_column_index for chunk in chunks.values()),
    }
    if shard.metadata.row_group(0).sorting_columns:
        settings["sorting_columns"] = shard.metadata.row_group(0).sorting_columns
    return settings


def _first_chunks(shard: pq.ParquetFile) -> dict[str, pq.ColumnChunkMetaData]:
    if not shard.num_row_groups:
        return {}
    group = shard.metadata.row_group(0)
    return {group.column(index).path_in_schema: group.column(index) for index in range(group.num_columns)}


def _having(
    chunks: dict[str, pq.ColumnChunkMetaData], question: Callable[[pq.ColumnChunkMetaData], bool]
) -> list[str] | bool:
    """Return the columns for which the answer is yes; pyarrow takes an empty list for every column."""
    return [path for path, chunk in chunks.items() if question(chunk)] or False

"""Read a column of names once, as distinct texts and which of them each row has.

A repository's rows mostly stand together, so a shard has far fewer names than rows, and Parquet mostly keeps them so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..shards import open_shard

_ROWS = 1_048_576
"""So many rows, at most, are handed over together; their names are all that is held of them."""
_AS_DICTIONARY = {"PLAIN", "PLAIN_DICTIONARY", "RLE_DICTIONARY", "RLE", "BIT_PACKED"}


@dataclass(frozen=True, slots=True)
class Names:
    """The texts of the rows from `start` on, which `columns` have; a text may stand more than once."""

    start: int
    texts: pa.Array
    columns: Sequence[pa.DictionaryArray]

    def rows_with(self, places: pa.Array) -> pa.Table:
        """Return (row, place) for each row with a text at one of the `places`; rows count from the shard's start."""
        wanted = pc.is_in(pa.arange(0, len(self.texts), 1), places)
        of_rows = self._places()
        found = pc.indices_nonzero(pc.fill_null(wanted.take(of_rows), False))
        rows = pc.add(found.cast(pa.int64()), self.start)
        return pa.table({"row": rows, "place": of_rows.take(found)})

    def _places(self) -> pa.Array:
        """Return for each row the place of its text; null where it has none."""
        before = accumulate((len(column.dictionary) for column in self.columns), initial=0)
        return pa.concat_arrays(
            [
                pc.add(column.indices.cast(pa.int32()), pa.scalar(offset, pa.int32()))
                for column, offset in zip(self.columns, before, strict=False)
            ]
        )


def has_texts_once(file: pq.ParquetFile, column: str) -> bool:
    """Say whether pyarrow can read this column as distinct texts: it is no struct's, and no part is delta-encoded."""
    chunks = chunks_of(file, column)
    is_there = column in file.schema_arrow.names and chunks is not None
    return is_there and all(_AS_DICTIONARY.issuperset(chunk.encodings) for chunk in chunks or ())


def chunks_of(file: pq.ParquetFile, column: str) -> list[pq.ColumnChunkMetaData] | None:
    """Return the column's chunk in each row group; None where no leaf of the file has that path."""
    paths = [file.schema.column(place).path for place in range(len(file.schema))]
    if column not in paths:
        return None
    groups = (file.metadata.row_group(number) for number in range(file.metadata.num_row_groups))
    return [group.column(paths.index(column)) for group in groups]


def names_of(shard: Path, column: str) -> Iterator[Names]:
    """Yield the names of a column that `has_texts_once`. Raises ShardBroken, pa.ArrowException, OSError."""
    start, rows, held = 0, 0, list[pa.DictionaryArray]()
    with open_shard(shard, texts_once=[column]) as file:
        for batch in file.iter_batches(batch_size=_ROWS, columns=[column], use_threads=False):
            if held and rows + batch.num_rows > _ROWS:
                yield _together(start, held)
                start, rows, held = start + rows, 0, []
            held.append(batch.column(0))
            rows += batch.num_rows
    if held:
        yield _together(start, held)


def _together(start: int, columns: Sequence[pa.DictionaryArray]) -> Names:
    texts = pa.concat_arrays([column.dictionary for column in columns])
    # DuckDB takes Arrow's texts as they are, and does not look whether they are any.
    texts.validate(full=True)
    return Names(start, texts, columns)

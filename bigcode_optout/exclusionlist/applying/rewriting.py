# ruff: noqa: S608 - made of our own words only; numbers are bound
"""Write a shard again without its covered rows: row group by row group, under its own schema."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..shards import open_shard
from .columns import Located
from .cutting import cut_events, empty_holder
from .layout import EVENT_LIST
from .repeating import repeating_columns, without_unused
from .same_writer import same_writer
from .stitching import Piece, source_of, stitch
from .views import without_views

_BATCH_BYTES = 64 * 1024**2
_BATCH_ROWS = range(1_024, 1_048_576)
"""So many rows are read at a time: as many as have `_BATCH_BYTES` before compression, within these limits."""


def rewrite(
    cursor: duckdb.DuckDBPyConnection,
    shard: pq.ParquetFile,
    path: Path,
    target: Path,
    located: Located,
    *,
    name: str,
) -> None:
    """Write the rows of `shard`, the open file at `path`, that stay into `target`, in their order and row groups.

    A row group of which nothing goes keeps its bytes, if the footer tells plainly where they are; one of which nothing
    stays is left out. Batches are read one at a time and only what stays is held, so the memory needed is a few times
    that of one row group's remaining rows; pyarrow writes a row group from a whole table and in no other way.
    """
    spans = _spans(shard)
    touched = _touched(cursor, spans)
    original = source_of(path) if len(touched) < len(spans) else None
    task = _Task(path, shard, located, name)
    if original is None:
        task.write(_edits(cursor, located, spans, name), target)
        return
    edits = dict(_edits(cursor, located, {group: spans[group] for group in touched}, name))
    shares = _shares(shard, sorted(touched))
    files = [target.with_name(f"{target.name}.anew{number}") for number in range(len(shares))]
    pieces: dict[int, Piece] = {group: (original, group) for group in spans.keys() - touched}
    try:
        with ThreadPoolExecutor(len(shares)) as pool:
            of_share = ([(group, edits[group]) for group in share] for share in shares)
            for file, written in zip(files, pool.map(task.write, of_share, files), strict=True):
                rewritten = source_of(file)
                assert rewritten is not None
                pieces |= {group: (rewritten, place) for place, group in enumerate(written)}
        stitch([pieces[group] for group in sorted(pieces)], target, like=original)
    finally:
        for file in files:
            file.unlink(missing_ok=True)


def _shares(shard: pq.ParquetFile, groups: list[int]) -> list[list[int]]:
    """Part row groups among two threads, if they are small: each holds one of them in memory."""
    are_small = all(shard.metadata.row_group(group).total_byte_size <= _BATCH_BYTES for group in groups)
    return [groups[0::2], groups[1::2]] if are_small and len(groups) > 1 else [groups]


_Spans = dict[int, tuple[int, int]]
"""Row groups by number: the first row, and the one after the last."""


def _spans(shard: pq.ParquetFile) -> _Spans:
    groups = range(shard.num_row_groups)
    stops = list(accumulate(shard.metadata.row_group(group).num_rows for group in groups))
    return {group: (stops[group - 1] if group else 0, stops[group]) for group in groups}


def _touched(cursor: duckdb.DuckDBPyConnection, spans: _Spans) -> set[int]:
    """Return the row groups of which anything goes, is emptied or is cut."""
    starts, stops = zip(*spans.values(), strict=True)
    found = cursor.execute(
        """SELECT DISTINCT number FROM (SELECT row FROM rows UNION SELECT row FROM events) JOIN
        (SELECT unnest($numbers) AS number, unnest($starts) AS start, unnest($stops) AS stop)
        ON row >= start AND row < stop""",
        {"numbers": list(spans), "starts": starts, "stops": stops},
    )
    return {number for (number,) in found.fetchall()}


def _edits(
    cursor: duckdb.DuckDBPyConnection, located: Located, spans: _Spans, name: str
) -> Iterator[tuple[int, "_Edits"]]:
    return (
        (group, _Edits(cursor, located, start, stop, name)) for group, (start, stop) in sorted(spans.items())
    )


@dataclass(frozen=True, slots=True)
class _Task:
    """The shard that is written again."""

    path: Path
    shard: pq.ParquetFile
    located: Located
    name: str

    def write(self, edits: Iterable[tuple[int, "_Edits"]], target: Path) -> list[int]:
        """Write what stays of these row groups; return those of which something stays."""
        repeating, written = repeating_columns(self.shard, self.located.layout), []
        with open_shard(self.path, texts_once=repeating) as source:
            schema = without_views(source.schema_arrow)
            with same_writer(self.shard, target, schema=schema, name=self.name) as writer:
                for group, changed in edits:
                    rows = _batch_rows(source.metadata.row_group(group))
                    # Others are at work at the same time: threads for columns would only get in their way.
                    batches = source.iter_batches(batch_size=rows, row_groups=[group], use_threads=False)
                    is_plain = schema.equals(source.schema_arrow)
                    plain = batches if is_plain else (each.cast(schema) for each in batches)
                    kept = pa.Table.from_batches(_kept(plain, changed), schema)
                    if kept.num_rows:
                        writer.write_table(without_unused(kept, repeating), row_group_size=kept.num_rows)
                        written.append(group)
        return written


def _batch_rows(group: pq.RowGroupMetaData) -> int:
    wide = max(1, group.total_byte_size) / max(1, group.num_rows)
    return min(max(int(_BATCH_BYTES / wide), _BATCH_ROWS.start), _BATCH_ROWS.stop)


def _kept(batches: Iterable[pa.RecordBatch], edits: "_Edits") -> Iterator[pa.RecordBatch]:
    start = edits.start
    for batch in batches:
        yield edits.applied(batch, start)
        start += batch.num_rows


class _Edits:
    """What is to be done to the rows from `start` to before `stop`."""

    def __init__(
        self, cursor: duckdb.DuckDBPyConnection, located: Located, start: int, stop: int, name: str
    ) -> None:
        self.start, self._located, self._name = start, located, name
        span = {"start": start, "stop": stop}
        self._removed = _rows(cursor, f"FROM rows WHERE NOT is_kept AND {_SPAN}", span)
        self._emptied = {
            prefix: _rows(cursor, f"FROM hits WHERE holder = {holder} AND row IN ({_KEPT})", span)
            for holder, prefix in enumerate(located.layout.holders)
        }
        self._cut = (
            cursor.sql(
                f"""SELECT DISTINCT row, position FROM events
                WHERE row NOT IN (SELECT row FROM rows) AND {_SPAN} ORDER BY row, position""",
                params=span,
            )
            .to_arrow_reader()
            .read_all()
            if located.has_event_lists
            else None
        )

    def applied(self, batch: pa.RecordBatch, start: int) -> pa.RecordBatch:
        """Return the batch, whose first row is row `start` of the shard, with the edits made."""
        for prefix, rows in self._emptied.items():
            if len(rows):
                emptied = pc.invert(_stays(rows, start, batch.num_rows))
                batch = empty_holder(batch, prefix, emptied, name=self._name)
        if self._cut is not None and self._cut.num_rows:
            batch = cut_events(batch, EVENT_LIST, _events(batch.column(EVENT_LIST), start, self._cut))
        if not len(self._removed):
            return batch
        return batch.filter(_stays(self._removed, start, batch.num_rows))


_SPAN = "row >= $start AND row < $stop"
_KEPT = f"SELECT row FROM rows WHERE is_kept AND {_SPAN}"


def _rows(cursor: duckdb.DuckDBPyConnection, source: str, span: dict[str, int]) -> pa.Array:
    table = cursor.sql(f"SELECT row {source}", params=span).to_arrow_reader().read_all()
    return table.column("row").combine_chunks()


def _stays(rows: pa.Array, start: int, length: int) -> pa.Array:
    """Return for each row from `start` on whether it is none of `rows`; quicker than asking a hash table."""
    mask = bytearray(b"\x01") * length
    for row in pc.subtract(rows, start).to_pylist():
        if 0 <= row < length:
            mask[row] = 0
    return pa.Array.from_buffers(pa.uint8(), length, [None, pa.py_buffer(mask)]).cast(pa.bool_())


def _events(lists: pa.Array, start: int, cut: pa.Table) -> pa.Array:
    """Return for each event of the lists, in order, whether it is cut."""
    lengths = pc.fill_null(pc.list_value_length(lists), 0).cast(pa.int64())
    begins = pc.subtract(pc.cumulative_sum(lengths), lengths)
    row = pc.subtract(cut.column("row").combine_chunks(), start)
    is_here = pc.and_(pc.greater_equal(row, 0), pc.less(row, len(lists)))
    row, position = row.filter(is_here), cut.column("position").combine_chunks().filter(is_here)
    places = pc.subtract(pc.add(begins.take(row), position), 1)
    return pc.is_in(pa.arange(0, pc.sum(lengths).as_py() or 0, 1), places)

"""What of a list is in one shard."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..shards import Shard, ShardBroken, open_shard
from ..shards.errors import reason
from .columns import ACTION, EVENT, EVENTS, Places, column_of, lacks_logins, places_of
from .comparing import PAIRS, Comparison

_BATCH_ROWS = 131_072
_PART_ROWS = 1_048_576
_AS_DICTIONARY = {"PLAIN", "PLAIN_DICTIONARY", "RLE_DICTIONARY", "RLE", "BIT_PACKED"}
_SINGLE = PAIRS.append(pa.field("event", pa.int64()))


@dataclass(frozen=True, slots=True)
class Left:
    """How many rows and single events a rule covers in a shard, and the first such row, from 0."""

    rows: int
    events: int
    first_row: int


@dataclass(frozen=True, slots=True)
class ShardScan:
    """`rows_covered` and `events_covered` count each once, whatever number of rules covers it. Of the rows of
    `rows_without_login` nobody's login could be compared, since the shard has no column of any.
    """

    rows: int
    rows_covered: int
    events_covered: int
    by_rule: Mapping[int, Left]
    rows_without_login: int = 0


def scan(comparison: Comparison, shard: Shard, *, schema: str) -> ShardScan:
    """Read every name and number of the shard and compare it. Raises ShardBroken, ShardRefused."""
    with open_shard(shard.path) as first:
        places = places_of(schema, first.schema_arrow, name=shard.name)
        # Where the list has no numbers, none can be equal to one.
        idle = () if len(comparison.ids.values) else places.ids
        asked = [column for column in places.all() if column not in idle]
        columns = [*asked, *([EVENTS] if EVENTS in first.schema_arrow.names else [])]
        present = [
            column for column in columns if column_of(first.schema_arrow.empty_table(), column) is not None
        ]
    flat = set(first.schema_arrow.names) & set(present) - {EVENTS, *places.ids}
    texts = sorted(flat & _readable_as_dictionary(first.metadata))
    row, covered, cut = 0, [PAIRS.empty_table()], [_SINGLE.empty_table()]
    try:
        with pq.ParquetFile(shard.path, metadata=first.metadata, read_dictionary=texts) as file:
            batches = file.iter_batches(batch_size=_BATCH_ROWS, columns=present)
            for part in _parts(batches, 0 if EVENTS in present else _PART_ROWS):
                rows = pa.arange(row, row + part.num_rows, 1)
                direct, single = _part(comparison, places, part, rows)
                covered.append(direct)
                cut.append(single)
                row += part.num_rows
    except (pa.ArrowException, OSError) as error:
        raise ShardBroken(f"{shard.path} cannot be read: {reason(error)}.") from error
    without = row if lacks_logins(places, first.schema_arrow) else 0
    return _counted(row, pa.concat_tables(covered), pa.concat_tables(cut), without)


def _readable_as_dictionary(shard: pq.FileMetaData) -> set[str]:
    """Return the columns, as paths, that pyarrow can read so; of delta-encoded ones it cannot make dictionaries."""
    groups = (shard.row_group(number) for number in range(shard.num_row_groups))
    chunks = [group.column(number) for group in groups for number in range(group.num_columns)]
    others = {chunk.path_in_schema for chunk in chunks if not _AS_DICTIONARY.issuperset(chunk.encodings)}
    return {chunk.path_in_schema for chunk in chunks} - others


def _parts(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.Table]:
    """Yield the batches together, up to about so many `rows`: Arrow makes a table of all keys for each comparison."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        if held and sum(map(len, held)) + len(batch) > rows:
            yield pa.Table.from_batches(held)
            held = []
        held.append(batch)
    if held:
        yield pa.Table.from_batches(held)


def _part(
    comparison: Comparison, places: Places, batch: pa.Table, rows: pa.Array
) -> tuple[pa.Table, pa.Table]:
    """Return (row, rule) of what is covered as a whole, and (row, rule, event) of single events."""
    covered = _compared(comparison, places, batch, rows)
    if EVENTS not in batch.schema.names:
        return _once(pa.concat_tables(covered)), _SINGLE.empty_table()
    lists = batch.column(EVENTS).combine_chunks()
    events = pa.RecordBatch.from_struct_array(lists.flatten())
    parents = rows.take(pc.list_parent_indices(lists))
    covered += _compared(comparison, EVENT, events, parents, with_logins=False)
    numbers = pa.arange(0, events.num_rows, 1)
    acted = [
        comparison.logins(column, numbers)
        for column in (column_of(events, login) for login in EVENT.logins)
        if column is not None
    ]
    whole, single = _split(_once(pa.concat_tables(acted)), events, parents)
    covered.append(whole)
    rows_covered = pa.concat_tables(covered)
    gone = pc.is_in(single.column("row"), rows_covered.column("row").combine_chunks())
    return _once(rows_covered), single.filter(pc.invert(gone))


def _split(acted: pa.Table, events: pa.RecordBatch, parents: pa.Array) -> tuple[pa.Table, pa.Table]:
    """Part events of listed logins into those whose conversation goes, and those that go alone.

    A conversation goes if such an event opened it, or if none of its events would be left.
    """
    at = acted.column("row").combine_chunks()
    table = pa.table({"row": parents.take(at), "rule": acted.column("rule"), "event": at})
    opened = pc.equal(events.column(ACTION).cast(pa.string()).take(at), "opened")
    opening = table.column("row").filter(pc.fill_null(opened, False)).combine_chunks()
    lengths = pc.value_counts(parents)
    distinct = table.group_by("row").aggregate([("event", "count_distinct")])
    all_of = lengths.field(1).take(pc.index_in(distinct.column("row").combine_chunks(), lengths.field(0)))
    nothing_left = distinct.column("row").filter(pc.equal(distinct.column("event_count_distinct"), all_of))
    goes = pc.is_in(table.column("row"), pa.concat_arrays([opening, nothing_left.combine_chunks()]))
    return table.filter(goes).select(["row", "rule"]), table.filter(pc.invert(goes))


def _compared(
    comparison: Comparison,
    places: Places,
    batch: pa.Table | pa.RecordBatch,
    rows: pa.Array,
    *,
    with_logins: bool = True,
) -> list[pa.Table]:
    found = [PAIRS.empty_table()]
    for name in places.all():
        column = column_of(batch, name)
        if column is None or (name in places.logins and not with_logins):
            continue
        if name in places.ids:
            found.append(comparison.numbers(column, rows))
        elif name in places.logins:
            found.append(comparison.logins(column, rows))
        elif name in places.pull_names:
            found += comparison.pull_names(column, rows)
        else:
            found += comparison.full_names(column, rows, whole=name in places.full_names)
    return found


def _once(pairs: pa.Table) -> pa.Table:
    return pairs.group_by(["row", "rule"]).aggregate([]) if pairs.num_rows else pairs


def _counted(rows: int, covered: pa.Table, cut: pa.Table, without_login: int) -> ShardScan:
    by_rule: dict[int, Left] = {}
    for table, is_event in ((covered, False), (cut, True)):
        counts = table.group_by("rule").aggregate([("row", "count"), ("row", "min")])
        columns = (counts.column(name).to_pylist() for name in ("rule", "row_count", "row_min"))
        for rule, count, first in zip(*columns, strict=True):
            before = by_rule.get(rule, Left(0, 0, first))
            by_rule[rule] = Left(
                before.rows + (0 if is_event else count),
                before.events + (count if is_event else 0),
                min(before.first_row, first),
            )
    events = cut.group_by(["row", "event"]).aggregate([]).num_rows
    distinct = pc.count_distinct(covered.column("row")).as_py()
    return ShardScan(rows, distinct, events, by_rule, without_login)

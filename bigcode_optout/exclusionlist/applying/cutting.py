"""Change rows that stay: empty a holder's columns, cut events out of a conversation's list."""

import pyarrow as pa
import pyarrow.compute as pc

from ..shards import ShardRefused


def empty_holder(batch: pa.RecordBatch, prefix: str, rows: pa.Array, *, name: str) -> pa.RecordBatch:
    """Return the batch with null in every column that begins with `prefix`, in the rows that are True.

    Raises ShardRefused if the schema forbids null in one of them.
    """
    columns = []
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if field.name.startswith(prefix):
            if not field.nullable:
                raise ShardRefused(
                    f"{name}: the column “{field.name}” cannot be emptied, since its schema requires a value."
                )
            column = pc.if_else(rows, pa.scalar(None, field.type), column)
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def cut_events(batch: pa.RecordBatch, column: str, cut: pa.Array) -> pa.RecordBatch:
    """Return the batch without the events that are True in `cut`, which has one value for each event of the
    batch, in order. Lists that are null stay null.
    """
    index = batch.schema.get_field_index(column)
    lists = batch.column(index)
    kept = pc.invert(cut)
    rows = pc.list_parent_indices(lists)
    counts = pc.value_counts(rows.filter(kept))
    # One line for each row: where it begins among the events that are left.
    here = pc.index_in(pa.arange(0, len(lists), 1), counts.field(0).cast(pa.int64()))
    lengths = pc.fill_null(counts.field(1).take(here), 0)
    ends = pc.cumulative_sum(lengths)
    kind = pa.LargeListArray if pa.types.is_large_list(lists.type) else pa.ListArray
    offset = pa.int64() if kind is pa.LargeListArray else pa.int32()
    offsets = pa.concat_arrays([pa.array([0], pa.int64()), ends]).cast(offset)
    shorter = kind.from_arrays(offsets, lists.flatten().filter(kept), type=lists.type, mask=lists.is_null())
    return batch.set_column(index, batch.schema.field(index), shorter)

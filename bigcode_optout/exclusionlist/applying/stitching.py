"""Make a Parquet file of row groups that stand in others: their bytes stay, and a footer says where they are now.

So a shard of which little goes costs little, and who keeps shards by content keeps what stayed only once. Field numbers
are those of parquet.thrift (github.com/apache/parquet-format).
"""

import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from .thrift_compact import Kind, List, Struct, Value, read_struct, write_struct

_MAGIC = b"PAR1"
_TAIL_BYTES = 8
_AT_ONCE = 1 << 18
"""So little stays in a processor's cache between reading and writing: with 16 MB it takes three times as long."""

# Of FileMetaData, RowGroup, ColumnChunk, ColumnMetaData, OffsetIndex, PageLocation.
_FILE_ROWS, _FILE_GROUPS, _FILE_ENCRYPTION = 3, 4, 8
_GROUP_CHUNKS, _GROUP_ROWS, _GROUP_OFFSET, _GROUP_ORDINAL = 1, 3, 5, 7
_CHUNK_FILE, _CHUNK_OFFSET, _CHUNK_COLUMN = 1, 2, 3
_OFFSET_INDEX, _COLUMN_INDEX = (4, 5), (6, 7)
_BYTES, _DATA, _INDEX, _DICTIONARY = 7, 9, 10, 11
_BLOOM = (14, 15)
_PAGES, _PAGE_OFFSET = 1, 1


@dataclass(frozen=True, slots=True)
class Source:
    """A file, its footer, its row groups, and from which byte to before which each goes with all that stands inside."""

    path: Path
    footer: Struct
    groups: tuple[Struct, ...]
    spans: tuple[tuple[int, int], ...]


Piece = tuple[Source, int]
"""A row group: of which file, and which one of it."""


def source_of(path: Path) -> Source | None:
    """Return what is needed to take row groups out of a file. None where they do not stand one after the other, where
    something is encrypted or stands in another file, or where the footer is not understood. Raises OSError.
    """
    with path.open("rb") as file:
        file.seek(-_TAIL_BYTES, os.SEEK_END)
        tail = file.read()
        size = int.from_bytes(tail[:4], "little")
        end = file.seek(-_TAIL_BYTES - size, os.SEEK_END)
        encoded = file.read(size)
    try:
        footer = read_struct(encoded)
        groups = tuple(footer[_FILE_GROUPS].value.items)
        spans = _spans(groups, end)
    except (ValueError, IndexError, KeyError):
        return None
    if spans is None or tail[4:] != _MAGIC or _FILE_ENCRYPTION in footer:
        return None
    return Source(path, footer, groups, spans)


def stitch(pieces: Sequence[Piece], target: Path, *, like: Source) -> None:
    """Write these row groups, in this order, into the new file `target`, with the schema and all else that the footer
    of `like` says. Raises OSError.
    """
    with target.open("xb") as out:
        out.write(_MAGIC)
        shifts = [_copy(source.path, *source.spans[number], out) for source, number in pieces]
        groups = [
            _moved(source, source.groups[number], shift, ordinal, out)
            for ordinal, ((source, number), shift) in enumerate(zip(pieces, shifts, strict=True))
        ]
        rows = sum(_number(group, _GROUP_ROWS) for group in groups)
        changed = {
            _FILE_ROWS: Value(Kind.I64, rows),
            _FILE_GROUPS: Value(Kind.LIST, List(Kind.STRUCT, groups)),
        }
        encoded = write_struct(like.footer | changed)
        out.write(encoded + len(encoded).to_bytes(4, "little") + _MAGIC)


def _spans(groups: Sequence[Struct], end: int) -> tuple[tuple[int, int], ...] | None:
    chunks = [list(_chunks(group)) for group in groups]
    if any(_CHUNK_FILE in chunk or _CHUNK_COLUMN not in chunk for each in chunks for chunk in each):
        return None
    columns = [[chunk[_CHUNK_COLUMN].value for chunk in each] for each in chunks]
    begins = [min(map(_begin, each), default=end) for each in columns]
    # What comes after a row group: another, an index, or the footer.
    nexts = [*begins, end, *(_number(column, _BLOOM[0]) for each in columns for column in each)]
    nexts += [
        _number(chunk, at) for each in chunks for chunk in each for at, _ in (_OFFSET_INDEX, _COLUMN_INDEX)
    ]
    nexts.sort()
    spans = [(begin, nexts[min(bisect_right(nexts, begin), len(nexts) - 1)]) for begin in begins]
    are_whole = all(
        _begin(column) + _number(column, _BYTES) <= stop
        for (_, stop), each in zip(spans, columns, strict=True)
        for column in each
    )
    return tuple(spans) if are_whole else None


def _begin(column: Struct) -> int:
    pages = (_number(column, field) for field in (_DATA, _INDEX, _DICTIONARY))
    return min(page for page in pages if page)


def _moved(source: Source, group: Struct, shift: int, ordinal: int, out: BinaryIO) -> Struct:
    """Return the row group where it is now; its indexes are written to `out`."""
    with source.path.open("rb") as file:
        chunks = [_moved_chunk(file, chunk, shift, out) for chunk in _chunks(group)]
    moved = group | {_GROUP_CHUNKS: Value(Kind.LIST, List(Kind.STRUCT, chunks))}
    if _GROUP_OFFSET in group:
        moved[_GROUP_OFFSET] = Value(Kind.I64, _number(group, _GROUP_OFFSET) + shift)
    if _GROUP_ORDINAL in group:
        moved[_GROUP_ORDINAL] = Value(Kind.I16, ordinal)
    return moved


def _moved_chunk(file: BinaryIO, chunk: Struct, shift: int, out: BinaryIO) -> Struct:
    column = dict(chunk[_CHUNK_COLUMN].value)
    for field in (_DATA, _INDEX, _DICTIONARY):
        if _number(column, field):
            column[field] = Value(Kind.I64, _number(column, field) + shift)
    _move_index(file, column, _BLOOM, out)
    # Some writers put a second copy of the metadata behind the chunk; nobody needs it, and 0 says that there is none.
    moved = chunk | {_CHUNK_OFFSET: Value(Kind.I64, 0), _CHUNK_COLUMN: Value(Kind.STRUCT, column)}
    _move_index(file, moved, _COLUMN_INDEX, out)
    _move_index(file, moved, _OFFSET_INDEX, out, shift)
    return moved


def _move_index(
    file: BinaryIO, fields: Struct, index: tuple[int, int], out: BinaryIO, shift: int | None = None
) -> None:
    """Copy an index to `out` and let `fields` say so, with a `shift` for the pages that it tells of. One of unknown
    length is left out: readers do without.
    """
    place, length = index
    at, size = fields.pop(place, None), fields.pop(length, None)
    if at is None or size is None:
        return
    file.seek(at.value)
    content = file.read(size.value)
    if shift is not None:
        content = _with_pages_moved(content, shift)
    fields[place], fields[length] = Value(at.kind, out.tell()), Value(size.kind, len(content))
    out.write(content)


def _with_pages_moved(index: bytes, shift: int) -> bytes:
    fields = read_struct(index)
    for page in fields[_PAGES].value.items:
        page[_PAGE_OFFSET].value += shift
    return write_struct(fields)


def _copy(source: Path, begin: int, end: int, out: BinaryIO) -> int:
    """Append these bytes to `out`; return by how many they are now further on."""
    shift = out.tell() - begin
    with source.open("rb") as file:
        file.seek(begin)
        while begin < end:
            block = file.read(min(_AT_ONCE, end - begin))
            if not block:
                raise OSError(f"{source} ends too early")
            out.write(block)
            begin += len(block)
    return shift


def _chunks(group: Struct) -> Iterator[Struct]:
    yield from group[_GROUP_CHUNKS].value.items


def _number(fields: Struct, field: int) -> int:
    """Return a number of the struct; 0 where it has none, which no offset is."""
    found: Any = fields.get(field)
    return 0 if found is None else int(found.value)

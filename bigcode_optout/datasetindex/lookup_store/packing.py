"""Pack the published file of a bucket into its file of the look-up store.

The rows of an owner follow one another as lines (lines.py) in zstd blocks of about BLOCK_BYTES, cut between lines.
Owners with up to MANY repositories come in the order of the published file; those with more stand behind them in
blocks of their own, each owner's largest repositories first, and `many` has their totals. So a first page costs one
or two blocks, however many repositories the owner has. Layout of a file:

    blocks | uint64 end of each block | uint32 length of its text | uint32 CRC-32 of the block | ids, sorted |
    block of each id | uint32 end of each block's first key | first keys | zstd `many` | marks of the published rows:
    uint32 hash of each owner | zstd rows of each owner | uint16 hash of each name (row_marks.py) |
    uint8 length of each name | uint32 place of each 64th | PAGE of each row group (name_pages.py) | tail (JSON) |
    uint32 CRC-32 of tail | uint32 length of tail | MAGIC

All numbers are little-endian and each section begins at a multiple of 8. The tail says where each section is and what
its CRC-32 is, and how wide the ids, their blocks and the rows of owners are, as type codes of `array`.
"""

import json
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ..engine import scan
from .form import MAGIC, Packed, RowMarks
from .lines import TAB, line_columns, line_sql
from .name_pages import find_pages
from .row_marks import name_marks, owner_hashes

BLOCK_BYTES = 12_288
"""A look-up unpacks one, or two. Twice as much spares 6 % of disk and takes 0.03 ms longer."""

MANY = 100
_ZSTD_LEVEL = 6
"""5 % smaller than 3 and as quick to unpack, for a second of packing a million repositories."""

_ALIGNMENT = 8
_LONGEST_KEY = 40
_ROWS_AT_ONCE = 100_000
_WIDTHS = (("H", 1 << 16), ("I", 1 << 32), ("Q", 1 << 64))


def pack(connection: duckdb.DuckDBPyConnection, published: Path, target: Path) -> Path:
    """Write the look-up file of one published file to `target` and return it. `connection` has one thread."""
    assert sys.byteorder == "little", "the numbers in the file are little-endian"
    source = scan(published)
    connection.execute(
        f"""CREATE OR REPLACE TABLE many AS
            SELECT owner_key, count(*) AS repositories, sum(files)::BIGINT AS files, sum(bytes)::BIGINT AS bytes
            FROM {source} GROUP BY owner_key HAVING count(*) > {MANY}"""  # noqa: S608 - a path of ours
    )
    described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()  # noqa: S608 - as above
    columns = line_columns([name for name, *_ in described])
    # The owners with many come last. Of the others the file's own order is kept: with one thread it is.
    lines = f"SELECT {line_sql(columns)} AS line, coalesce(repo_id, 0) AS id FROM {source}"  # noqa: S608 - as above
    few, large = f"{lines} ANTI JOIN many USING (owner_key)", f"{lines} SEMI JOIN many USING (owner_key)"
    with target.open("wb") as stream:
        writer = _Writer(stream)
        writer.add(connection.sql(few))
        few_blocks = len(writer.ends)
        largest_first = "owner_key, bytes DESC, files DESC, repo_key, repo_name, repo_id NULLS FIRST"
        writer.add(connection.sql(f"{large} ORDER BY {largest_first}"))
        totals = connection.execute(
            "SELECT owner_key || chr(9) || json_array(repositories, files, bytes)::VARCHAR FROM many"
        ).fetchall()
        writer.finish(
            few_blocks=few_blocks,
            columns=columns,
            many="".join(f"\n{line}" for (line,) in totals) + "\n",
            marks=_marks(connection, source, *find_pages(published)),
        )
    return target


def _marks(
    connection: duckdb.DuckDBPyConnection, source: str, lengths: bytes, steps: bytes, pages: bytes
) -> RowMarks:
    owners, rows, names = bytearray(), array("I"), bytearray()
    # The order of the keys is that of the file.
    counted = f"SELECT owner_key, count(*)::UINTEGER AS rows FROM {source} GROUP BY ALL ORDER BY ALL"  # noqa: S608 - as above
    for batch in connection.sql(counted).to_arrow_reader(_ROWS_AT_ONCE):
        owners += owner_hashes(batch.column(0)).tobytes()
        rows.frombytes(batch.column(1).to_numpy().tobytes())
    for batch in connection.sql(f"SELECT repo_key FROM {source}").to_arrow_reader(_ROWS_AT_ONCE):  # noqa: S608 - as above
        names += name_marks(batch.column(0)).tobytes()
    of_owners = array(_code_for(max(rows, default=0)), rows)
    packed = _packed(of_owners.tobytes())
    return RowMarks(bytes(owners), packed, of_owners.typecode, bytes(names), lengths, steps, pages)


_CODEC = pa.Codec("zstd", compression_level=_ZSTD_LEVEL)


def _packed(text: bytes) -> Packed:
    return Packed(_CODEC.compress(text, asbytes=True), len(text))


class _Writer:
    """Writes blocks one after the other and remembers what the index behind them needs."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._position = 0
        self.ends = array("Q")
        self._lengths = array("I")
        self._sums = array("I")
        self._keys: list[bytes] = []
        self._ids: list[pa.Array] = []
        self._blocks_of_ids = array("I")

    def add(self, lines: duckdb.DuckDBPyRelation) -> None:
        """Write all lines in their order; `lines` has each line and its id, 0 for none."""
        for batch in lines.to_arrow_reader(_ROWS_AT_ONCE):
            for block, count in _cut(batch.column(0)):
                self._blocks_of_ids.extend(array("I", [len(self.ends)]) * count)
                self._write_block(block)
            self._ids.append(batch.column(1))

    def _write_block(self, block: memoryview) -> None:
        packed = _CODEC.compress(block, asbytes=True)
        self._stream.write(packed)
        self._position += len(packed)
        self.ends.append(self._position)
        self._lengths.append(len(block))
        self._sums.append(zlib.crc32(packed))
        self._keys.append(bytes(block[:_LONGEST_KEY]).partition(TAB)[0])

    def finish(self, *, few_blocks: int, columns: tuple[str, ...], many: str, marks: RowMarks) -> None:
        """Write the index, the totals of the large owners, the marks and the tail."""
        ids, blocks = self._sorted_ids()
        key_ends, end = array("I"), 0
        for key in self._keys:
            end += len(key)
            key_ends.append(end)
        packed = _packed(many.encode())
        keys = b"".join(self._keys)
        sections = (
            *(self.ends, self._lengths, self._sums, ids, blocks, key_ends, keys, packed.packed),
            *(marks.owners, marks.rows.packed, marks.names, marks.lengths, marks.steps, marks.pages),
        )
        places = [self._section(section) for section in sections]
        tail = json.dumps(
            {
                "few_blocks": few_blocks,
                "blocks": len(self.ends),
                "columns": columns,
                "id_code": ids.typecode,
                "block_code": blocks.typecode,
                "many_bytes": packed.size,
                "rows_bytes": marks.rows.size,
                "rows_code": marks.rows_code,
                "at": places,
            }
        ).encode()
        numbers = (zlib.crc32(tail), len(tail))
        self._stream.write(tail + b"".join(number.to_bytes(4, "little") for number in numbers) + MAGIC)

    def _sorted_ids(self) -> "tuple[array[int], array[int]]":
        ids = pa.concat_arrays(self._ids) if self._ids else pa.array([], pa.int64())
        blocks = pa.Array.from_buffers(pa.uint32(), len(ids), [None, pa.py_buffer(self._blocks_of_ids)])
        table = pa.table({"id": ids, "block": blocks}).sort_by("id")
        # No repository has the id 0; they come first.
        first = bisect_left(_Column(table["id"]), 1)
        return _narrow(table["id"].slice(first)), _narrow(table["block"].slice(first))

    def _section(self, content: "array[int] | bytes | memoryview") -> list[int]:
        padding = -self._position % _ALIGNMENT
        self._stream.write(b"\0" * padding)
        start = self._position + padding
        size = self._stream.write(content)
        self._position = start + size
        return [start, size, zlib.crc32(content)]


class _Column:
    """An Arrow column as a sequence of Python's numbers, for `bisect`."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        self._column = column

    def __len__(self) -> int:
        return len(self._column)

    def __getitem__(self, position: int) -> int:
        return int(self._column[position].as_py())


def _code_for(largest: int) -> str:
    """Return what `array` calls the narrowest kind of number that holds it."""
    return next(code for code, limit in _WIDTHS if largest < limit)


def _narrow(column: pa.ChunkedArray) -> "array[int]":
    """Return the numbers of a column in the fewest bytes each."""
    largest = pc.max(column).as_py() or 0
    code = _code_for(largest)
    kind = {"H": pa.uint16(), "I": pa.uint32(), "Q": pa.uint64()}[code]
    numbers = array(code)
    for chunk in column.cast(kind).chunks:
        numbers.frombytes(
            memoryview(chunk.buffers()[1])[chunk.offset * numbers.itemsize :][: len(chunk) * numbers.itemsize]
        )
    return numbers


def _cut(lines: pa.Array) -> Iterator[tuple[memoryview, int]]:
    """Yield the text of an Arrow column in pieces of about BLOCK_BYTES with the number of lines in each."""
    if not len(lines):
        return
    wide = pa.types.is_large_string(lines.type)
    offsets = memoryview(lines.buffers()[1]).cast("q" if wide else "i")
    text = memoryview(lines.buffers()[2])
    first, last = lines.offset, lines.offset + len(lines)
    while first < last:
        until = min(max(bisect_left(offsets, offsets[first] + BLOCK_BYTES, first + 1, last), first + 1), last)
        yield text[offsets[first] : offsets[until]], until - first
        first = until

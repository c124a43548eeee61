"""Read one file of a look-up store through a memory map, which threads and forks may share.

For its form see packing.py.
"""

import json
import mmap
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import zstandard

from ..records import IndexedRepository
from .folder import StoreUnusable
from .form import MAGIC, Packed, RowMarks, unpacked
from .lines import LF, TAB, LineReader

_TAIL = 4 + 4 + len(MAGIC)
_SECTIONS = 14
_IDS, _MARKS = slice(3, 5), slice(8, _SECTIONS)
"""Most of what stands behind the blocks, and few ask for it: checked when it is."""


class BucketFile:
    """The lines of one bucket by owner and by id. Raises StoreUnusable where the file is not what was written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with path.open("rb") as stream:
                self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
            view = memoryview(self._map)
            if bytes(view[-len(MAGIC) :]) != MAGIC:
                raise ValueError("it does not end as a file of a look-up store does")
            tail = json.loads(bytes(_tail(view)))
            sections = [view[start : start + length] for start, length, _ in tail["at"]]
            self._sections, self._sums_of_sections = sections, [crc for *_, crc in tail["at"]]
            self._unchecked = {_IDS.start, _MARKS.start}
            for always in (slice(0, 3), slice(5, 8)):
                self._check_sections(always)
            ends, lengths, sums, ids, blocks, key_ends, self._keys, many, *_ = sections
            self._view, self._few_blocks, self._blocks = view, tail["few_blocks"], tail["blocks"]
            self._ends, self._lengths, self._sums = ends.cast("Q"), lengths.cast("I"), sums.cast("I")
            self._ids, self._blocks_of_ids = ids.cast(tail["id_code"]), blocks.cast(tail["block_code"])
            self._reader = LineReader(tail["columns"])
            self._key_ends = key_ends.cast("I")
            self._many = unpacked(many, tail["many_bytes"])
            self._rows = tail["rows_bytes"], tail["rows_code"]
        except (OSError, ValueError, KeyError, TypeError, zstandard.ZstdError) as error:
            raise StoreUnusable(f"{path} is damaged: {error}.") from error

    def totals_of_many(self, owner_key: bytes) -> tuple[int, int, int] | None:
        """Return repositories, files and bytes of an owner with so many that they have blocks of their own."""
        start = self._many.find(LF + owner_key + TAB)
        if start < 0:
            return None
        end = self._many.index(LF, start + 1)
        repositories, files, size = json.loads(self._many[start + len(owner_key) + 2 : end])
        return repositories, files, size

    def repositories(self, arrays: Iterable[bytes]) -> list[IndexedRepository]:
        """Return what stands in the JSON arrays of lines."""
        return self._reader.repositories(arrays)

    def arrays(self, owner_key: bytes, *, has_many: bool) -> Iterator[bytes]:
        """Yield the JSON array of each repository of an owner, in the order of the file."""
        first, last = (self._few_blocks, self._blocks) if has_many else (0, self._few_blocks)
        start = bisect_left(range(last), owner_key, first, last, key=self._key)
        prefix = owner_key + TAB
        for number in range(max(start - 1, first), last):
            if number >= start and self._key(number) != owner_key:
                return
            yield from self._arrays_in(number, prefix)

    def by_id(self, repository_id: int) -> Iterator[IndexedRepository]:
        """Yield the repositories with this id."""
        self._check_once(_IDS)
        position = bisect_left(self._ids, repository_id)
        seen = -1
        while position < len(self._ids) and self._ids[position] == repository_id:
            if self._blocks_of_ids[position] != seen:
                seen = self._blocks_of_ids[position]
                yield from self._in_block(seen, repository_id)
            position += 1

    def marks(self) -> RowMarks:
        """Return the marks of the published rows."""
        self._check_once(_MARKS)
        owners, rows, names, lengths, steps, pages = self._sections[_MARKS]
        size, code = self._rows
        return RowMarks(owners, Packed(rows, size), code, names, lengths, steps, pages)

    def _in_block(self, number: int, repository_id: int) -> Iterator[IndexedRepository]:
        # The id follows the name; a look at the text spares the parsing of the other lines.
        marked = b",%d," % repository_id
        lines = (line for line in self._block(number).split(LF) if marked in line)
        for found in self.repositories(line.partition(TAB)[2] for line in lines):
            if found.repo_id == repository_id:
                yield found

    def _arrays_in(self, number: int, prefix: bytes) -> Iterator[bytes]:
        block = self._block(number)
        start = 0 if block.startswith(prefix) else block.find(LF + prefix) + 1
        while block.startswith(prefix, start):
            end = block.index(LF, start)
            yield block[start + len(prefix) : end]
            start = end + 1

    def _key(self, number: int) -> bytes:
        start = self._key_ends[number - 1] if number else 0
        return bytes(self._keys[start : self._key_ends[number]])

    def _block(self, number: int) -> bytes:
        start = self._ends[number - 1] if number else 0
        packed = self._view[start : self._ends[number]]
        if zlib.crc32(packed) != self._sums[number]:
            raise StoreUnusable(f"{self._path} is damaged: block {number} is not what was written.")
        return unpacked(packed, self._lengths[number])

    def _check_once(self, which: slice) -> None:
        """When they are asked for first."""
        if which.start in self._unchecked:
            try:
                self._check_sections(which)
            except ValueError as error:
                raise StoreUnusable(f"{self._path} is damaged: {error}.") from error
            self._unchecked.discard(which.start)

    def _check_sections(self, which: slice) -> None:
        _check(self._sections[which], self._sums_of_sections[which])


def _tail(view: memoryview) -> memoryview:
    """Return the text of the tail; raises ValueError if it is not what was written."""
    end = len(view) - _TAIL
    expected, size = (int.from_bytes(view[start : start + 4], "little") for start in (end, end + 4))
    tail = view[max(end - size, 0) : end]
    _check((tail,), (expected,))
    return tail


def _check(parts: Sequence[memoryview], sums: Sequence[int]) -> None:
    """Raise ValueError unless each part has its CRC-32."""
    if [zlib.crc32(part) for part in parts] != list(sums):
        raise ValueError("a part of it is not what was written")

"""What is asked for by name, file by file: rows that the look-up store's marks tell, out of the published files.

The long steps leave Python's lock to others, so that threads share the work: frames are unpacked, columns read and
names compared outside of it.
"""

import mmap
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import zstandard

from .asked import Asked
from .errors import unreadable
from .lookup_store.form import RowMarks
from .lookup_store.name_pages import NAME, names_at
from .lookup_store.row_marks import AskedMarks, Rows, Told
from .write import ROW_GROUP_ROWS

_AHEAD = 2
"""So many files for each thread are read before the first of them is taken."""

_EARLY, _NARROW = 8, 4
"""So many files are read while what is asked for is hashed, if no more than so many columns are: 10 MB of each file."""


_KEPT = 128
"""Each map is an open file, and a process may not have any number: of larger indexes the first files' are kept."""


class MarkedFiles:
    """The files of an index. Footers and memory maps are kept: made anew for each sweep they cost a tenth of it."""

    def __init__(self, files: Sequence[Path], *, threads: int) -> None:
        self._paths, self._threads = files, threads
        self._files: list[_File | None] = [None] * len(files)

    def find(self, marks: Sequence[RowMarks], asked: Asked, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield tables of what is asked for by name and not by id too: `columns`, among them name and id, whether it
        was found by owner, and whether by name. `marks` are those of the files, in their order. Raises IndexBroken.
        """
        waiting: deque[Future[pa.Table]] = deque()
        with ThreadPoolExecutor(self._threads) as pool:
            try:
                early = self._read_early(pool, marks, asked, columns)
                wanted, ids = AskedMarks(asked), np.sort(asked.ids.to_numpy())
                for number, of_file in enumerate(marks):
                    read = early.pop(number, None)
                    waiting.append(pool.submit(self._found_in, number, of_file, wanted, ids, columns, read))
                    if len(waiting) > _AHEAD * self._threads:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            except (pa.ArrowException, OSError, zstandard.ZstdError) as error:
                raise unreadable(self._paths[0].parent, error) from None
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Let go of what is kept; who reads a file at this moment reads on."""
        self._files = [None] * len(self._files)

    def _read_early(
        self, pool: ThreadPoolExecutor, marks: Sequence[RowMarks], asked: Asked, columns: Sequence[str]
    ) -> "dict[int, Future[pa.Table]]":
        """Read the first files whole, where so much is asked for that every row group has something of it."""
        row_groups = sum(len(each.names) for each in marks) // 2 // ROW_GROUP_ROWS
        if asked.names < row_groups or len(columns) > _NARROW:
            return {}
        numbers = range(min(len(marks), _EARLY))
        return {
            number: pool.submit(self._file(number).read, _read_as_columns(columns, marks[number]))
            for number in numbers
        }

    def _found_in(
        self,
        number: int,
        marks: RowMarks,
        wanted: AskedMarks,
        ids: Rows,
        columns: Sequence[str],
        early: "Future[pa.Table] | None",
    ) -> pa.Table:
        told = wanted.told(marks)
        file = self._file(number)
        parts = file.parts_of(told.rows)
        if early:
            found = early.result().take(pa.array(told.rows))
        else:
            found = file.read_rows(_read_as_columns(columns, marks), told.rows, parts)
        if len(marks.pages):
            found = found.append_column(NAME, names_at(file.mapped, marks, told.rows, parts))
        return _asked_for(found, told, ids, columns)

    def _file(self, number: int) -> "_File":
        file = self._files[number]
        if file is None:
            # Two threads may make one each; both are right, and one is kept.
            file = _File(self._paths[number])
            if number < _KEPT:
                self._files[number] = file
        return file


def _read_as_columns(columns: Sequence[str], marks: RowMarks) -> list[str]:
    return [name for name in columns if name != NAME or not len(marks.pages)]


_NO_ROWS = np.empty(0, np.int64)
_Part = tuple[int, int, int]
"""A row group, and from which to before which of some rows are of it."""


class _File:
    """A published file: its footer, and a map of it."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            try:
                self.mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            except ValueError as error:
                raise OSError(str(error)) from error
        with pq.ParquetFile(pa.BufferReader(pa.py_buffer(self.mapped))) as published:
            self._metadata = published.metadata
            self._present = set(published.schema_arrow.names)
        self.groups = self._metadata.num_row_groups
        counts = [self._metadata.row_group(group).num_rows for group in range(self.groups)]
        self._stops = np.cumsum(counts, dtype=np.int64)

    def parts_of(self, rows: Rows) -> list[_Part]:
        """Return the row groups that have any of these rows, which rise."""
        groups, firsts = np.unique(np.searchsorted(self._stops, rows, side="right"), return_index=True)
        cuts = [*firsts.tolist(), len(rows)]
        return list(zip(groups.tolist(), cuts[:-1], cuts[1:], strict=True))

    def read(self, columns: Sequence[str], groups: Sequence[int] | None = None) -> pa.Table:
        """Return these columns of some row groups, or of all; those that the build left out are null."""
        source = pa.BufferReader(pa.py_buffer(self.mapped))
        with pq.ParquetFile(source, metadata=self._metadata, pre_buffer=False) as file:
            present = [name for name in columns if name in self._present]
            wanted = range(self.groups) if groups is None else groups
            table = file.read_row_groups(wanted, columns=present, use_threads=False)
        for name in columns:
            if name not in self._present:
                table = table.append_column(name, pa.nulls(table.num_rows))
        return table

    def read_rows(self, columns: Sequence[str], rows: Rows, parts: Sequence[_Part]) -> pa.Table:
        """Return these columns of these rows, of which `parts` tells where they are."""
        before, places = 0, [_NO_ROWS]
        for group, first, stop in parts:
            begin = self._stops[group - 1] if group else 0
            places.append(rows[first:stop] + (before - begin))
            before += self._stops[group] - begin
        return self.read(columns, [group for group, *_ in parts]).take(pa.array(np.concatenate(places)))


def _asked_for(rows: pa.Table, told: Told, ids: Rows, columns: Sequence[str]) -> pa.Table:
    """Return `columns` of the rows whose name is asked for, whatever the marks say, and as what."""
    # An index holds no name with a character outside ASCII, and each has an owner.
    keys = pc.ascii_lower(rows.column(NAME))
    owners = pc.list_element(pc.split_pattern(keys, "/", max_splits=1), 0)
    by_owner, by_name = pc.is_in(owners, told.owners), pc.is_in(keys, told.repositories)
    is_asked = pc.or_(by_owner, by_name)
    if len(ids):
        numbers = rows.column("repo_id").fill_null(0).to_numpy()
        is_by_id = ids.take(np.searchsorted(ids, numbers), mode="clip") == numbers
        is_asked = pc.and_not(is_asked, pa.array(is_by_id))
    found = rows.select(columns)
    return found.append_column("by_owner", by_owner).append_column("by_name", by_name).filter(is_asked)

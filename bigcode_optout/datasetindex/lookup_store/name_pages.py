"""Where each name of a published file stands, so that a sweep need not read the column.

A reader of Parquet makes a text of every name, and a sweep wants one in sixty. The names of a row group are one page: a
zstd frame at whose end they stand one after the other (DELTA_LENGTH_BYTE_ARRAY,
https://parquet.apache.org/docs/file-format/data-pages/encodings/). The engine says nowhere that it writes them so.
Hence each page is unpacked and compared with the names when the store is made, and where one is otherwise the store
has no pages of that file; then names are read as any column is.
"""

from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import zstandard

from .form import RowMarks, unpacked

PAGE = np.dtype([("start", "<u8"), ("stored", "<u4"), ("size", "<u4")])
"""First byte of the frame in the file, bytes of the frame, bytes unpacked."""

NAME = "repo_name"
STEP = 64
"""The place of so many names is told by one number, and by the lengths of those before it."""

_FRAME = b"\x28\xb5\x2f\xfd"
"""How a zstd frame begins (RFC 8878, section 3.1.1)."""

_LONGEST = 255

_Numbers = npt.NDArray[np.int64]
_NONE = np.empty(0, np.int64)


def find_pages(published: Path) -> tuple[bytes, bytes, bytes]:
    """Return `lengths`, `steps` and `pages` as RowMarks has them; all empty where a page is not as told above.

    Raises OSError, pa.ArrowException.
    """
    lengths, begins, pages, row = [_NONE], [_NONE], [], 0
    with published.open("rb") as file, pq.ParquetFile(published) as source:
        for group in range(source.num_row_groups):
            names = source.read_row_group(group, columns=[NAME]).column(0).combine_chunks()
            page = _page_of(file, source.metadata.row_group(group), names)
            # A step tells of the names of one page.
            if page is None or row % STEP:
                return b"", b"", b""
            row += len(names)
            *frame, text_begins = page
            pages.append(tuple(frame))
            of_names = pc.binary_length(names).to_numpy().astype(np.int64)
            lengths.append(of_names)
            begins.append(text_begins + np.cumsum(of_names) - of_names)
    steps = np.concatenate(begins)[::STEP].astype(np.uint32)
    return (
        np.concatenate(lengths).astype(np.uint8).tobytes(),
        steps.tobytes(),
        np.array(pages, PAGE).tobytes(),
    )


def names_at(
    published: memoryview, marks: RowMarks, rows: _Numbers, groups: list[tuple[int, int, int]]
) -> pa.Array:
    """Return the names of these rows, which rise; `published` is the file. `groups` says of which row group `rows` are,
    and from which of them to before which. Raises OSError, zstandard.ZstdError.
    """
    lengths = np.frombuffer(marks.lengths, np.uint8)
    begins = np.frombuffer(marks.steps, np.uint32)[rows // STEP] + _sums_of_steps(lengths, rows)
    of_rows = lengths[rows]
    ends = begins + of_rows
    pages = np.frombuffer(marks.pages, PAGE).tolist()
    found: list[bytes] = []
    for group, first, stop in groups:
        start, stored, size = pages[group]
        text = unpacked(published[start : start + stored], size)
        places = zip(begins[first:stop].tolist(), ends[first:stop].tolist(), strict=True)
        found += [text[begin:end] for begin, end in places]
    offsets = np.zeros(len(rows) + 1, np.int32)
    np.cumsum(of_rows, out=offsets[1:])
    names = b"".join(found)
    if len(names) != offsets[-1] or not names.isascii():
        raise OSError("a page of names is not what was told")
    return pa.StringArray.from_buffers(len(rows), pa.py_buffer(offsets), pa.py_buffer(names))


def _sums_of_steps(lengths: npt.NDArray[np.uint8], rows: _Numbers) -> _Numbers:
    """Return for each row the lengths of the names between the last one that has a step, and it."""
    bounds = np.stack([rows // STEP * STEP, rows], axis=1).ravel()
    sums: _Numbers = np.add.reduceat(lengths, bounds, dtype=np.int64)[::2]
    # Of nothing, numpy takes the first to be the sum.
    sums[rows % STEP == 0] = 0
    return sums


def _page_of(file: BinaryIO, group: pq.RowGroupMetaData, names: pa.Array) -> tuple[int, int, int, int] | None:
    """Return PAGE, and where the first name begins."""
    column = next(each for each in map(group.column, range(group.num_columns)) if each.path_in_schema == NAME)
    file.seek(column.data_page_offset)
    chunk = file.read(column.total_compressed_size)
    begin = chunk.find(_FRAME)
    if column.has_dictionary_page or begin < 0 or names.null_count:
        return None
    if pc.max(pc.binary_length(names)).as_py() > _LONGEST:
        return None
    try:
        text = unpacked(chunk[begin:], column.total_uncompressed_size)
    except zstandard.ZstdError:
        return None
    expected = _text_of(names)
    if text[len(text) - len(expected) :] != expected:
        return None
    return column.data_page_offset + begin, len(chunk) - begin, len(text), len(text) - len(expected)


def _text_of(names: pa.Array) -> bytes:
    _, offsets, text = names.buffers()
    ends = np.frombuffer(offsets, np.int32)[names.offset : names.offset + len(names) + 1]
    return bytes(memoryview(text)[ends[0] : ends[-1]])

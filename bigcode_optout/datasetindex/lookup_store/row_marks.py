"""Which rows of a published file can have a name that is asked for, told for thousands of names at once.

A look-up file has, in the order of the published one: a hash of each owner's key, how many rows the owner has, and a
shorter hash of each row's full-name key. A row that has the name is always let through; of the others one in thousands
is, and names are compared afterwards. So a sweep takes from the published files only what is told here.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ..asked import Asked
from .form import RowMarks

LONGEST_KEY = 39 + 1 + 100
_TABLE_BITS, _CODE_BITS = 22, 18
# Powers of an odd number, one for each place in a key: a polynomial hash, modulo 2 to the 64.
_WEIGHTS = np.multiply.accumulate(np.full(LONGEST_KEY, 0x9E3779B97F4A7C15, np.uint64))

Rows = npt.NDArray[np.int64]
_Codes = npt.NDArray[np.uint64]


class AskedMarks:
    """What is asked for, hashed once for all files."""

    def __init__(self, asked: Asked) -> None:
        names = _possible(asked.repositories)
        whole = owner_hashes(_possible(asked.owners))
        of_names = owner_hashes(pc.list_element(pc.split_pattern(names, "/", max_splits=1), 0))
        self._owners, places = np.unique(np.concatenate([whole, of_names]), return_inverse=True)
        self._is_whole = np.zeros(len(self._owners), np.bool_)
        self._is_whole[places[: len(whole)]] = True
        # The marks of an owner's names stand together.
        places = places[len(whole) :]
        self._name_marks = name_marks(names)[np.argsort(places, kind="stable")]
        self._name_counts = np.bincount(places, minlength=len(self._owners))
        self._name_starts = np.cumsum(self._name_counts) - self._name_counts
        # A look into a table spares most of the searching.
        self._table = np.zeros(1 << _TABLE_BITS, np.bool_)
        self._table[_short(self._owners)] = True

    def rows_in(self, marks: RowMarks) -> Rows:
        """Return the numbers of the rows that may be asked for, in the order of the file."""
        hashes = np.frombuffer(marks.owners, np.uint32)
        near = np.flatnonzero(self._table[_short(hashes)])
        places = np.searchsorted(self._owners, hashes[near])
        is_found = self._owners.take(places, mode="clip") == hashes[near]
        found, places = near[is_found], places[is_found]
        counts = np.frombuffer(marks.rows, np.uint32).astype(np.int64)
        starts, counts = (np.cumsum(counts) - counts)[found], counts[found]
        rows = _ranges(starts, counts)
        held = _codes(counts, np.frombuffer(marks.names, np.uint16)[rows])
        name_counts = self._name_counts[places]
        wanted = _codes(name_counts, self._name_marks[_ranges(self._name_starts[places], name_counts)])
        return rows[np.repeat(self._is_whole[places], counts) | _are_among(held, wanted)]


def owner_hashes(keys: pa.Array) -> npt.NDArray[np.uint32]:
    """Return a hash of each key; none is empty or null."""
    return (_hashes(keys) >> np.uint64(32)).astype(np.uint32)


def name_marks(keys: pa.Array) -> npt.NDArray[np.uint16]:
    """Return a short hash of each key; none is empty or null."""
    return (_hashes(keys) >> np.uint64(48)).astype(np.uint16)


def _hashes(keys: pa.Array) -> _Codes:
    if not len(keys):
        return np.empty(0, np.uint64)
    keys = keys.cast(pa.large_binary())
    _, offsets, text = keys.buffers()
    ends = np.frombuffer(offsets, np.int64)[keys.offset : keys.offset + len(keys) + 1]
    places = np.arange(ends[-1] - ends[0]) - np.repeat(ends[:-1] - ends[0], np.diff(ends))
    letters = np.frombuffer(text, np.uint8)[ends[0] : ends[-1]]
    return np.add.reduceat(letters * _WEIGHTS[places], ends[:-1] - ends[0])


def _codes(counts: Rows, marks: npt.NDArray[np.uint16]) -> _Codes:
    """Return each mark together with the number of its owner; owner n has counts[n] of them."""
    owners = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
    return owners << np.uint64(16) | marks


def _are_among(codes: _Codes, wanted: _Codes) -> npt.NDArray[np.bool_]:
    """As `np.isin`; a look into a table first spares most of it."""
    table = np.zeros(1 << _CODE_BITS, np.bool_)
    table[_scattered(wanted)] = True
    are_among = table[_scattered(codes)]
    near = np.flatnonzero(are_among)
    are_among[near] = np.isin(codes[near], wanted)
    return are_among


def _scattered(codes: _Codes) -> _Codes:
    return codes * _WEIGHTS[0] >> np.uint64(64 - _CODE_BITS)


def _possible(keys: pa.Array) -> pa.Array:
    """Return those that are not too long, and have an owner."""
    is_short = pc.less_equal(pc.binary_length(keys), LONGEST_KEY)
    return keys.filter(pc.and_not(is_short, pc.starts_with(keys, "/")))


def _short(hashes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    return hashes & np.uint32((1 << _TABLE_BITS) - 1)


def _ranges(starts: Rows, counts: Rows) -> Rows:
    """Return the numbers from each start on, as many as its count."""
    return np.arange(counts.sum()) + np.repeat(starts - (np.cumsum(counts) - counts), counts)

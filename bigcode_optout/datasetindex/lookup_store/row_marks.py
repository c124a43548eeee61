"""Which rows of a published file can have a name that is asked for, told for thousands of names at once.

A look-up file has, in the order of the published one: a hash of each owner's key, how many rows the owner has, and a
shorter hash of each row's full-name key. A row that has the name is always let through; of the others one in thousands
is, and names are compared afterwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ..asked import Asked
from .form import RowMarks

LONGEST_KEY = 39 + 1 + 100
_TABLE_BITS, _CODE_BITS, _ODD = 22, 18, np.uint32(0x9E3779B1)
# Powers of an odd number, one for each place in a key: a polynomial hash, modulo 2 to the 64.
_WEIGHTS = np.multiply.accumulate(np.full(LONGEST_KEY, 0x9E3779B97F4A7C15, np.uint64))

_KEYS_AT_ONCE = 8_192
"""What is made of so many stays in a processor's cache."""

Rows = npt.NDArray[np.int64]
_Hashes = npt.NDArray[np.uint64]
_Codes = npt.NDArray[np.unsignedinteger[Any]]
_NONE = np.empty(0, np.uint64)


@dataclass(frozen=True, slots=True)
class Told:
    """Numbers of rows of a file, in its order, and of what is asked for all that these can be: owners, full names."""

    rows: Rows
    owners: pa.Array
    repositories: pa.Array


class AskedMarks:
    """What is asked for, hashed once for all files."""

    def __init__(self, asked: Asked) -> None:
        owners, names = _possible(asked.owners), _with_owner(_possible(asked.repositories))
        of_names, marks = _hashes_of_names(names)
        self._hashes, places = np.unique(
            np.concatenate([owner_hashes(owners), of_names]), return_inverse=True
        )
        self._whole = _ByPlace(owners, places[: len(owners)], len(self._hashes))
        self._named = _ByPlace(names, places[len(owners) :], len(self._hashes))
        self._marks = marks[self._named.order]
        # A look into a table spares most of the searching.
        self._table = np.zeros(1 << _TABLE_BITS, np.bool_)
        self._table[_short(self._hashes)] = True

    def told(self, marks: RowMarks) -> Told:
        """Return the rows that may be asked for."""
        found, places = self._owners_in(marks)
        of_owners = np.frombuffer(marks.rows.unpacked(), marks.rows_code)
        counts = of_owners[found].astype(np.int64)
        rows = _ranges(_sums_before(of_owners, found), counts)
        held = _codes(counts, np.frombuffer(marks.names, np.uint16).take(rows))
        named = self._named.at(places)
        wanted = _codes(self._named.counts[places], self._marks[named])
        is_told = np.repeat(self._whole.counts[places] > 0, counts) | _are_among(held, wanted)
        owners = self._whole.keys.take(pa.array(self._whole.at(places)))
        return Told(rows[is_told], owners, self._named.keys.take(pa.array(named)))

    def _owners_in(self, marks: RowMarks) -> tuple[Rows, Rows]:
        """Return which owners of the file are sought, and the place of each among the hashes of what is asked for."""
        hashes = np.frombuffer(marks.owners, np.uint32)
        near = np.flatnonzero(self._table.take(_short(hashes)))
        sought = hashes[near]
        # In the order of their hashes a search takes half as long.
        order = np.argsort(sought)
        places = np.empty(len(near), np.int64)
        places[order] = np.searchsorted(self._hashes, sought[order])
        is_found = self._hashes.take(places, mode="clip") == sought
        return near[is_found], places[is_found]


class _ByPlace:
    """Keys in the order of their places: `counts` at each."""

    def __init__(self, keys: pa.Array, places: Rows, size: int) -> None:
        self.order = np.argsort(places)
        self.keys = keys.take(pa.array(self.order))
        self.counts = np.bincount(places, minlength=size)
        self._starts = np.cumsum(self.counts) - self.counts

    def at(self, places: Rows) -> Rows:
        """Return the numbers of the keys at these places."""
        return _ranges(self._starts[places], self.counts[places])


def owner_hashes(keys: pa.Array) -> npt.NDArray[np.uint32]:
    """Return a hash of each key; none is empty or null."""
    return _owner_hashes(_hashes(keys))


def name_marks(keys: pa.Array) -> npt.NDArray[np.uint16]:
    """Return a short hash of each key; none is empty or null."""
    return _name_marks(_hashes(keys))


def _hashes(keys: pa.Array) -> _Hashes:
    return np.concatenate([_NONE, *(np.add.reduceat(p, begins) for _, p, begins in _products(keys))])


def _hashes_of_names(keys: pa.Array) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint16]]:
    """Return for full names the hash of the owner and the mark of the name, as the two functions above do."""
    owners, names = [_NONE], [_NONE]
    for letters, products, begins in _products(keys):
        slashes = np.flatnonzero(letters == ord("/"))
        cuts = np.stack([begins, slashes[np.searchsorted(slashes, begins)]], axis=1).ravel()
        of_owners, of_rests = np.add.reduceat(products, cuts).reshape(-1, 2).T
        owners.append(of_owners)
        names.append(of_owners + of_rests)
    return _owner_hashes(np.concatenate(owners)), _name_marks(np.concatenate(names))


def _owner_hashes(hashes: _Hashes) -> npt.NDArray[np.uint32]:
    return (hashes >> np.uint64(32)).astype(np.uint32)


def _name_marks(hashes: _Hashes) -> npt.NDArray[np.uint16]:
    return (hashes >> np.uint64(48)).astype(np.uint16)


def _products(keys: pa.Array) -> Iterator[tuple[npt.NDArray[np.uint8], _Hashes, Rows]]:
    """Yield the letters of some keys, what each adds to a hash, and where each key begins."""
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        some = keys.slice(start, _KEYS_AT_ONCE).cast(pa.large_binary())
        _, offsets, text = some.buffers()
        ends = np.frombuffer(offsets, np.int64)[some.offset : some.offset + len(some) + 1]
        begins = ends[:-1] - ends[0]
        letters = np.frombuffer(text, np.uint8)[ends[0] : ends[-1]]
        places = np.arange(len(letters), dtype=np.int32) - np.repeat(begins.astype(np.int32), np.diff(ends))
        yield letters, np.multiply(letters, _WEIGHTS.take(places), dtype=np.uint64), begins


def _sums_before(numbers: npt.NDArray[np.unsignedinteger[Any]], places: Rows) -> Rows:
    """Return the sum of all numbers before each of the places, which rise."""
    if not len(places):
        return places
    between: Rows = np.add.reduceat(numbers, np.concatenate([[0], places]), dtype=np.int64)[:-1]
    # Of nothing, numpy takes the first to be the sum.
    between[:1] *= places[:1] > 0
    return np.cumsum(between)


def _codes(counts: Rows, marks: npt.NDArray[np.uint16]) -> _Codes:
    """Return each mark together with the number of its owner; owner n has counts[n] of them."""
    owners: _Codes = np.arange(len(counts), dtype=np.uint64) << np.uint64(16)
    if len(counts) < 1 << 16:
        owners = owners.astype(np.uint32)
    return np.repeat(owners, counts) | marks


def _are_among(codes: _Codes, wanted: _Codes) -> npt.NDArray[np.bool_]:
    """As `np.isin`; a look into a table first spares most of it."""
    table = np.zeros(1 << _CODE_BITS, np.bool_)
    table[_scattered(wanted)] = True
    are_among = table.take(_scattered(codes))
    near = np.flatnonzero(are_among)
    sought, ordered = codes[near], np.sort(wanted)
    are_among[near] = (
        ordered.take(np.searchsorted(ordered, sought), mode="clip") == sought if len(near) else False
    )
    return are_among


def _scattered(codes: _Codes) -> _Codes:
    return codes.astype(np.uint32) * _ODD >> np.uint32(32 - _CODE_BITS)


def _possible(keys: pa.Array) -> pa.Array:
    """Return those that are not too long."""
    return keys.filter(pc.less_equal(pc.binary_length(keys), LONGEST_KEY))


def _with_owner(names: pa.Array) -> pa.Array:
    return names.filter(pc.greater(pc.find_substring(names, "/"), 0))


def _short(hashes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    return hashes & np.uint32((1 << _TABLE_BITS) - 1)


def _ranges(starts: Rows, counts: Rows) -> Rows:
    """Return the numbers from each start on, as many as its count."""
    return np.arange(counts.sum()) + np.repeat(starts - (np.cumsum(counts) - counts), counts)

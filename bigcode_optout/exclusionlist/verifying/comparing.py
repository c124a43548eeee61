"""The verifier's own comparison, over Arrow arrays: nothing of it is shared with `apply`.

Differences that are wanted: it folds the rule's shown name itself instead of trusting `name_key`, folds the
data with Arrow's `ascii_lower`, splits with Arrow, and compares float ids as floats.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from operator import attrgetter
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from ..rules import Rule
from ..shards import ShardRefused

PAIRS = pa.schema([("row", pa.int64()), ("rule", pa.int64())])
_Column: TypeAlias = pa.Array | pa.ChunkedArray
_TEXTS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)


class Keys:
    """The keys of one kind of comparison, each with the rules that have it."""

    def __init__(self, listed: pa.Array, rules: pa.Array) -> None:
        self.values = listed.unique()
        if len(self.values) == len(listed):
            # As in most lists: each key has one rule, in the same order.
            each = pa.arange(0, len(listed) + 1, 1).cast(pa.int32())
            self._rules = pa.ListArray.from_arrays(each, rules)
            return
        at = pc.index_in(listed, self.values)
        order = pc.sort_indices(at)
        begins = pc.index_in(pa.arange(0, len(self.values), 1), at.take(order).cast(pa.int64()))
        offsets = pa.concat_arrays([begins, pa.array([len(order)], pa.int32())])
        self._rules = pa.ListArray.from_arrays(offsets, rules.take(order))

    def pairs(self, at: pa.Array, rows: pa.Array) -> pa.Table:
        """Return (row, rule) for each row whose value is key number `at`; null is no key."""
        here = pc.indices_nonzero(pc.is_valid(at))
        if not len(here):
            return PAIRS.empty_table()
        found = self._rules.take(at.take(here))
        named = rows.take(here).take(pc.list_parent_indices(found))
        return pa.table({"row": named, "rule": found.flatten()})

    def pairs_of(self, at: pa.Array, distinct: "_Distinct", rows: pa.Array) -> pa.Table:
        """The same, where `at` is told for each distinct text."""
        return self.pairs(at.take(distinct.places), rows) if at.null_count < len(at) else PAIRS.empty_table()


@dataclass(frozen=True, slots=True)
class _Distinct:
    """The texts of a column (some may stand more than once), and for each row which one it has."""

    texts: pa.Array
    places: pa.Array


class Comparison:
    """The rules that count for one kind of record on one data date."""

    def __init__(self, rules: Sequence[Rule], *, scope_kind: str, data_date: date | None) -> None:
        asks = attrgetter(scope_kind)
        # Columns, for the collector would walk over pairs.
        asked = [number for number, rule in enumerate(rules) if asks(rule)]
        named = [n for n in asked if _is_in_time(rules[n].name_valid_until, data_date)]
        numbered = [n for n in asked if rules[n].repo_id is not None]
        names = pc.ascii_lower(pa.array([rules[n].name for n in named], pa.string()))
        is_full = pc.match_substring(names, "/")
        of = pa.array(named, pa.int64())
        self.owners = Keys(names.filter(pc.invert(is_full)), of.filter(pc.invert(is_full)))
        self.repositories = Keys(names.filter(is_full), of.filter(is_full))
        ids = pa.array([rules[n].repo_id for n in numbered], pa.int64())
        self.ids = Keys(ids, pa.array(numbered, pa.int64()))

    def full_names(self, column: _Column, rows: pa.Array, *, whole: bool = True) -> list[pa.Table]:
        """Return the pairs of a column of `owner/name`; without `whole`, of its owner part alone."""
        return self._names(_distinct(column), rows, whole=whole)

    def pull_names(self, column: _Column, rows: pa.Array) -> list[pa.Table]:
        """Return the pairs of a column of `owner/name/pull/7`."""
        distinct = _distinct(column)
        parts = pc.split_pattern(distinct.texts, "/", max_splits=2, reverse=True)
        is_pull = pc.match_substring_regex(distinct.texts, "/pull/[0-9]+$")
        named = pc.if_else(is_pull, pc.list_element(parts, 0), distinct.texts)
        return self._names(_Distinct(named, distinct.places), rows)

    def logins(self, column: _Column, rows: pa.Array) -> pa.Table:
        """Return the pairs of a column of logins."""
        distinct = _distinct(column)
        return self.owners.pairs_of(_looked_up(_folded(distinct.texts), self.owners), distinct, rows)

    def _names(self, distinct: _Distinct, rows: pa.Array, *, whole: bool = True) -> list[pa.Table]:
        # Looked at whole: of a name with a letter beyond ASCII the owner part counts no more than the rest.
        texts = _folded(distinct.texts)
        parts = pc.split_pattern(texts, "/", max_splits=1)
        owner = pc.if_else(pc.equal(pc.list_value_length(parts), 2), pc.list_element(parts, 0), None)
        found = [self.owners.pairs_of(_looked_up(owner, self.owners), distinct, rows)]
        if whole:
            at = _looked_up(texts, self.repositories)
            found.append(self.repositories.pairs_of(at, distinct, rows))
        return found

    def numbers(self, column: _Column, rows: pa.Array) -> pa.Table:
        """Return the pairs of a column of repository ids."""
        wanted = self.ids.values
        if isinstance(column, pa.ChunkedArray):
            column = column.combine_chunks()
        if pa.types.is_floating(column.type):
            # As floats: a NaN is equal to none of them, and no cast can make a number of it.
            at = pc.index_in(column.cast(pa.float64()), wanted.cast(pa.float64(), safe=False))
        elif pa.types.is_integer(column.type):
            at = pc.index_in(column.cast(pa.int64(), safe=False), wanted)
        elif pa.types.is_null(column.type):
            return PAIRS.empty_table()
        else:
            raise ShardRefused(f"A column of repository ids is {column.type}, which holds no numbers.")
        return self.ids.pairs(at, rows)


def _is_in_time(until: date | None, data_date: date | None) -> bool:
    return until is None or (data_date is not None and data_date <= until)


def _distinct(column: _Column) -> _Distinct:
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    encoded = [_encoded(chunk) for chunk in chunks]
    before = accumulate((len(chunk.dictionary) for chunk in encoded), initial=0)
    places = [
        pc.add(chunk.indices.cast(pa.int32()), pa.scalar(offset, pa.int32()))
        for chunk, offset in zip(encoded, before, strict=False)
    ]
    return _Distinct(_joined([_texts(chunk) for chunk in encoded], pa.string()), _joined(places, pa.int32()))


def _encoded(column: pa.Array) -> pa.DictionaryArray:
    return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()


def _texts(column: pa.DictionaryArray) -> pa.Array:
    type_ = column.dictionary.type
    if not (pa.types.is_null(type_) or any(is_text(type_) for is_text in _TEXTS)):
        raise ShardRefused(f"A column of names is {type_}, which holds no text.")
    return column.dictionary.cast(pa.string())


def _joined(parts: list[pa.Array], type_: pa.DataType) -> pa.Array:
    return pa.concat_arrays(parts) if parts else pa.array([], type_)


def _looked_up(folded: pa.Array, keys: Keys) -> pa.Array:
    return pc.index_in(folded, keys.values, skip_nulls=True)


def _folded(texts: pa.Array) -> pa.Array:
    """Null where a text has a letter beyond ASCII: it is nobody's name."""
    return pc.ascii_lower(pc.if_else(pc.string_is_ascii(texts), texts, pa.scalar(None, pa.string())))

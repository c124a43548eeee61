"""The verifier's own comparison, over Arrow arrays: nothing of it is shared with `apply`.

Differences that are wanted: it folds the rule's shown name itself instead of trusting `name_key`, folds the
data with Arrow's `ascii_lower`, splits with Arrow, and compares float ids as floats.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from ..rules import Rule
from ..shards import ShardRefused

PAIRS = pa.schema([("row", pa.int64()), ("rule", pa.int64())])
_TEXTS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)


class Keys:
    """The keys of one kind of comparison, each with the rules that have it."""

    def __init__(self, pairs: Iterable[tuple[str | int, int]], type_: pa.DataType) -> None:
        listed = list(pairs)
        keys = pa.array([key for key, _ in listed], type_)
        self.values = keys.unique()
        at = pc.index_in(keys, self.values)
        self._rules = pa.table({"at": at, "rule": pa.array([rule for _, rule in listed], pa.int64())})

    def pairs(self, at: pa.Array, rows: pa.Array) -> pa.Table:
        """Return (row, rule) for each row whose value is key number `at`; null is no key."""
        here = pa.table({"at": at, "row": rows}).filter(pc.is_valid(at))
        if not here.num_rows:
            return PAIRS.empty_table()
        return here.join(self._rules, "at", join_type="inner").select(["row", "rule"])


class Comparison:
    """The rules that count for one kind of record on one data date."""

    def __init__(self, rules: Sequence[Rule], *, scope_kind: str, data_date: date | None) -> None:
        asked = [(number, rule) for number, rule in enumerate(rules) if getattr(rule, scope_kind)]
        owners: list[tuple[str | int, int]] = []
        repositories: list[tuple[str | int, int]] = []
        for number, rule in asked:
            until = rule.name_valid_until
            if until is not None and (data_date is None or data_date > until):
                continue
            (repositories if "/" in rule.name else owners).append((rule.name.lower(), number))
        self.owners = Keys(owners, pa.string())
        self.repositories = Keys(repositories, pa.string())
        self.ids = Keys([(rule.repo_id, n) for n, rule in asked if rule.repo_id is not None], pa.int64())

    def full_names(self, column: pa.Array, rows: pa.Array, *, whole: bool = True) -> list[pa.Table]:
        """Return the pairs of a column of `owner/name`; without `whole`, of its owner part alone."""
        distinct, places = _distinct(column)
        parts = pc.split_pattern(distinct, "/", max_splits=1)
        owner = pc.if_else(pc.equal(pc.list_value_length(parts), 2), pc.list_element(parts, 0), None)
        found = [self.owners.pairs(_looked_up(owner, self.owners).take(places), rows)]
        if whole:
            found.append(self.repositories.pairs(_looked_up(distinct, self.repositories).take(places), rows))
        return found

    def pull_names(self, column: pa.Array, rows: pa.Array) -> list[pa.Table]:
        """Return the pairs of a column of `owner/name/pull/7`."""
        distinct, places = _distinct(column)
        parts = pc.split_pattern(distinct, "/", max_splits=2, reverse=True)
        is_pull = pc.match_substring_regex(distinct, "/pull/[0-9]+$")
        named = pc.if_else(is_pull, pc.list_element(parts, 0), distinct)
        return self.full_names(named.take(places), rows)

    def logins(self, column: pa.Array, rows: pa.Array) -> pa.Table:
        """Return the pairs of a column of logins."""
        distinct, places = _distinct(column)
        return self.owners.pairs(_looked_up(distinct, self.owners).take(places), rows)

    def numbers(self, column: pa.Array, rows: pa.Array) -> pa.Table:
        """Return the pairs of a column of repository ids."""
        wanted = self.ids.values
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


def _distinct(column: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return the distinct texts of a column, and for each row which one it has."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    texts = column.dictionary
    if pa.types.is_null(texts.type):
        texts = texts.cast(pa.string())
    if not any(is_text(texts.type) for is_text in _TEXTS):
        raise ShardRefused(f"A column of names is {texts.type}, which holds no text.")
    return texts.cast(pa.string()), column.indices


def _looked_up(texts: pa.Array, keys: Keys) -> pa.Array:
    plain = pc.if_else(pc.string_is_ascii(texts), texts, pa.scalar(None, pa.string()))
    return pc.index_in(pc.ascii_lower(plain), keys.values, skip_nulls=True)

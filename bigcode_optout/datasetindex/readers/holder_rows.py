"""v1: one row per content, with up to three repositories that hold it in columns of their own.

They are the holder with the most stars, the most issues and the most forks, and often the same one. All
count as in the dataset. A content counts once for each repository, however often the row names it and in
whatever letter case; the first spelling is kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations

import duckdb

from bigcode_optout.names import DatasetColumns, match_key_sql

from ..inputs import InputFile, sql_path
from . import values
from .parts import HELD_AS, parts_select
from .wanted import NUMBER, TEXT, TEXTS, Wanted, check_wanted, steps

_HOLDERS = tuple(HELD_AS)
_KEYS = ("repo_name", "language", "licences")


class HolderRows:
    """Reads a schema in which a row is a content of up to three repositories."""

    schema = "v1"

    def __init__(self, columns: DatasetColumns) -> None:
        self._names = dict(zip(_HOLDERS, columns.names, strict=True))
        self._licences = dict(zip(_HOLDERS, columns.licences, strict=True))
        self._language, self._size, self._stars = columns.language, columns.size, columns.stars[0]

    def check(self, file: InputFile) -> frozenset[str]:
        """Return the parts columns that `file` carries; raises IndexBuildError if one of the names is gone."""
        return check_wanted(file, self._wanted()) | {"files", "held_as", "shared_files", "other_holders"}

    @contextmanager
    def parts(
        self, connection: duckdb.DuckDBPyConnection, file: InputFile
    ) -> Iterator[duckdb.DuckDBPyRelation]:
        """Yield the parts of `file`: one for each repository, language and licences."""
        self.check(file)
        yield connection.sql(_grouped(_holdings(self._rows(file))))

    def _wanted(self) -> list[Wanted]:
        return [
            *(Wanted((name,), "repo_name", TEXT, is_required=True) for name in self._names.values()),
            *(Wanted((name,), "licences", TEXTS) for name in self._licences.values()),
            Wanted(steps(self._language), "language", TEXT),
            Wanted(steps(self._size), "bytes", NUMBER),
            Wanted(steps(self._stars), "stars", NUMBER),
        ]

    def _rows(self, file: InputFile) -> str:
        """Return SQL with the file's rows under our names, and each holder's name as it is compared."""
        holders = ", ".join(
            f"{_named(name)} AS {holder}_name, {match_key_or_name(name)} AS {holder}_key, "
            f"{_column(file, self._licences[holder])} AS {holder}_licences"
            for holder, name in self._names.items()
        )
        return f"""SELECT {holders}, {_column(file, self._language)} AS language,
                          {_column(file, self._size)} AS size, {_column(file, self._stars)} AS stars
                   FROM {sql_path(file)}"""  # noqa: S608 - names from our table


def match_key_or_name(column: str) -> str:
    """Return SQL under which two spellings of one repository are equal; a malformed name is only itself."""
    named = _named(column)
    return f"coalesce({match_key_sql(named)}, {named})"


def _named(column: str) -> str:
    # Some writers put an empty text where there is no holder.
    return values.text(f'"{column}"')


def _column(file: InputFile, name: str | None) -> str:
    return f'"{name}"' if name in file.columns else "NULL"


def _holdings(rows: str) -> str:
    """Return SQL with a row for each content and each different repository that holds it.

    `held_as` has the attributions of the repository, and `others` the number of different other ones. A
    content without any name gives one nameless row.
    """
    firsts = ", ".join(f"{_is_first(holder)} AS {holder}_first" for holder in _HOLDERS)
    different = " + ".join(f"{holder}_first::INTEGER" for holder in _HOLDERS)
    return f"""SELECT {_of_holder("name")} AS repo_name, {_of_holder("licences")} AS licences, language, size,
                      CASE holder WHEN {HELD_AS["stars"]} THEN stars END AS stars,
                      {_attributions()} AS held_as, greatest({different} - 1, 0) AS others
               FROM (SELECT *, unnest({_first_bits()}) AS holder FROM (SELECT *, {firsts} FROM ({rows})))"""  # noqa: S608 - as above


def _is_first(holder: str) -> str:
    """Return SQL that is true where a holder is named and none before it is the same repository."""
    before = _HOLDERS[: _HOLDERS.index(holder)]
    differs = (f"{holder}_key IS DISTINCT FROM {other}_key" for other in before)
    return f"({' AND '.join((f'{holder}_key IS NOT NULL', *differs))})"


def _first_bits() -> str:
    """Return SQL for the list of the bits of the holders that are first; a 0 where nobody is named."""
    # A list for each case rather than one that is filtered: lists that are constants cost nothing a row.
    cases = " ".join(
        f"WHEN {' AND '.join(f'{holder}_first' for holder in chosen)} THEN {[HELD_AS[each] for each in chosen]}"
        for size in (3, 2, 1)
        for chosen in combinations(_HOLDERS, size)
    )
    return f"CASE {cases} ELSE [0] END"


def _of_holder(field: str) -> str:
    cases = " ".join(f"WHEN {bit} THEN {holder}_{field}" for holder, bit in HELD_AS.items())
    return f"CASE holder {cases} END"


def _attributions() -> str:
    key = _of_holder("key")
    return " + ".join(
        f"CASE WHEN {holder}_key = {key} THEN {bit} ELSE 0 END" for holder, bit in HELD_AS.items()
    )


def _grouped(holdings: str) -> str:
    given: dict[str, str] = {key: key for key in _KEYS} | {
        "files": "count(*)",
        "bytes": f"sum({values.size('size')})",
        "stars": f"max({values.whole('stars')})",
        "held_as": "bit_or(held_as)",
        "shared_files": "count(*) FILTER (others > 0)",
        "other_holders": "sum(others)",
    }
    return f"SELECT {parts_select(given)} FROM ({holdings}) GROUP BY {', '.join(_KEYS)}"  # noqa: S608 - as above

"""v2: one row per file, with the repository's name in it."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from bigcode_optout.names import DatasetColumns

from ..errors import IndexBuildError
from ..inputs import InputFile, sql_path
from . import values
from .parts import parts_select
from .wanted import NUMBER, TEXT, TEXTS, TIME, Wanted, check_wanted, refuse_inexact_ids, steps

_KEYS = ("repo_name", "repo_id", "language", "licences", "licence_type")
_SAMPLE_ROWS = 100_000
_WORTH_GROUPING = 1.5
"""Rows for each group in the sample. Below this, grouping costs more than it spares the steps behind it."""

_SQL = {
    "repo_name": "{}",
    "repo_id": values.repository_id("{}"),
    "language": "{}",
    "licences": "{}",
    "licence_type": "{}",
    "bytes": values.size("{}"),
    "stars": values.whole("{}"),
    "newest": "{}",
}


class FileRows:
    """Reads a schema in which a row is a file of one repository."""

    def __init__(self, schema: str, columns: DatasetColumns) -> None:
        self.schema = schema
        self._wanted = (
            Wanted(steps(columns.names[0]), "repo_name", TEXT, is_required=True),
            Wanted(steps(columns.repository_id), "repo_id", NUMBER),
            Wanted(steps(columns.language), "language", TEXT),
            Wanted(steps(columns.licences[0]), "licences", TEXTS),
            Wanted(steps(columns.licence_type), "licence_type", TEXT),
            Wanted(steps(columns.size), "bytes", NUMBER),
            Wanted(steps(columns.stars[0]), "stars", NUMBER),
            Wanted(steps(columns.revision_date), "newest", TIME),
        )
        self._id_column = columns.repository_id or ""

    def check(self, file: InputFile) -> frozenset[str]:
        """Return the parts columns that `file` carries; raises IndexBuildError."""
        if "files" in file.columns:
            raise IndexBuildError(
                f"{file.path} has a column “files”, so its rows are repositories and not files; "
                f"this is the schema v2-ids, not {self.schema}."
            )
        return check_wanted(file, self._wanted) | {"files"}

    @contextmanager
    def parts(
        self, connection: duckdb.DuckDBPyConnection, file: InputFile
    ) -> Iterator[duckdb.DuckDBPyRelation]:
        """Yield the parts of `file`, grouped where that makes them fewer."""
        present = self.check(file)
        if "repo_id" in present:
            refuse_inexact_ids(connection, file, self._id_column)
        rows = self._rows(file, present)
        if _repeats(connection, rows):
            yield connection.sql(_grouped(rows))
        else:
            yield connection.sql(f"SELECT * FROM ({rows})")  # noqa: S608 - names from our table

    def _rows(self, file: InputFile, present: frozenset[str]) -> str:
        given = {
            want.part: _SQL[want.part].replace("{}", f'"{want.name}"')
            for want in self._wanted
            if want.part in present
        }
        return f"SELECT {parts_select({**given, 'files': '1'})} FROM {sql_path(file)}"  # noqa: S608 - as above


def _repeats(connection: duckdb.DuckDBPyConnection, rows: str) -> bool:
    keys = ", ".join(_KEYS)
    [(sampled, groups)] = connection.execute(
        f"SELECT count(*), count(DISTINCT ({keys})) FROM ({rows} LIMIT {_SAMPLE_ROWS})"  # noqa: S608 - as above
    ).fetchall()
    return bool(sampled > groups * _WORTH_GROUPING)


def _grouped(rows: str) -> str:
    given = {key: key for key in _KEYS} | {
        "files": "sum(files)",
        "bytes": "sum(bytes)",
        "stars": "max(stars)",
        "newest": "max(newest)",
    }
    return f"SELECT {parts_select(given)} FROM ({rows}) GROUP BY ALL"  # noqa: S608 - as above

"""v2-ids, v3 and v3-metadata: one row per repository, its files in a list of structs or only counted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb

from bigcode_optout.names import DatasetColumns

from ..inputs import InputFile
from . import values
from .leaves import leaf_rows
from .parts import parts_select
from .wanted import (
    FLAG,
    NUMBER,
    STRUCTS,
    TEXT,
    TEXTS,
    TIME,
    Wanted,
    check_wanted,
    missing,
    refuse_inexact_ids,
    steps,
)

_SQL = {
    "repo_id": values.repository_id("{}"),
    "bytes": values.size("{}"),
    "stars": values.whole("{}"),
    "parent": values.text("{}"),
    "file_count": values.size("{}"),
}
_FILE_PARTS = ("language", "licences", "licence_type", "bytes")
_KEYS = ("repo_name", "repo_id", "language", "licences", "licence_type")


class RepositoryRows:
    """Reads a schema in which a row is a repository."""

    def __init__(self, schema: str, columns: DatasetColumns) -> None:
        self.schema = schema
        self._id_column = columns.repository_id or ""
        self._of_repository = (
            Wanted(steps(columns.names[0]), "repo_name", TEXT, is_required=True),
            Wanted(steps(columns.repository_id), "repo_id", NUMBER),
            Wanted(steps(columns.stars[0]), "stars", NUMBER),
            Wanted(steps(columns.revision_date), "newest", TIME),
            Wanted(steps(columns.is_fork), "is_fork", FLAG),
            Wanted(steps(columns.parent), "parent", TEXT),
            Wanted(steps(columns.file_count), "file_count", NUMBER),
        )
        self._files = Wanted(steps(columns.files), "files", STRUCTS, is_required=bool(columns.files))
        self._of_file = _of_file(columns)

    def check(self, file: InputFile) -> frozenset[str]:
        """Return the parts columns that `file` carries; raises IndexBuildError."""
        present = {want.part for want in self._found(file)}
        if present & {"files", "file_count"}:
            present.add("files")
        return frozenset(present - {"file_count", "content"})

    @contextmanager
    def parts(
        self, connection: duckdb.DuckDBPyConnection, file: InputFile
    ) -> Iterator[duckdb.DuckDBPyRelation]:
        """Yield the parts of `file`; a row without files gives one with the number that the row says."""
        found = self._found(file)
        if any(want.part == "repo_id" for want in found):
            refuse_inexact_ids(connection, file, self._id_column)
        leaves = [want.path for want in found if want is not self._files]
        with leaf_rows(connection, file, leaves) as rows:
            sql = _grouped(_opened(found)) if self._files in found else _plain(found)
            yield rows.query("source", sql)

    def _found(self, file: InputFile) -> list[Wanted]:
        """Return what is wanted and there; raises IndexBuildError."""
        present = check_wanted(file, self._of_repository)
        found = [want for want in self._of_repository if want.part in present]
        if not self._files.path:
            return found
        check_wanted(file, [self._files])
        of_file = [want for want in self._of_file if check_wanted(file, [want])]
        if not of_file:
            # Without one field to read, nothing would tell how long the list is.
            raise missing(file, self._of_file[0])
        if len(of_file) > 1:
            of_file = [want for want in of_file if want.part != "content"]
        return [*found, self._files, *of_file]


def _of_file(columns: DatasetColumns) -> tuple[Wanted, ...]:
    """Return the fields of the list's structs; the hash of the content serves where it is the only one."""
    fields = (
        (columns.language, "language", TEXT),
        (columns.licences[0] if columns.licences else None, "licences", TEXTS),
        (columns.licence_type, "licence_type", TEXT),
        (columns.size, "bytes", NUMBER),
        (columns.content_hash, "content", TEXT),
    )
    return tuple(
        Wanted((columns.files, name), part, kind) for name, part, kind in fields if columns.files and name
    )


def _value(want: Wanted) -> str:
    """Return the SQL of a part's value out of the column or, for a field of a file, out of the struct."""
    at = ["file", *want.path[1:]] if want.part in _FILE_PARTS else list(want.path)
    column = ".".join(f'"{step}"' for step in at)
    return _SQL.get(want.part, "{}").replace("{}", column)


def _plain(found: Sequence[Wanted]) -> str:
    given = {want.part: _value(want) for want in found}
    given["files"] = given.pop("file_count", "0")
    return f"SELECT {parts_select(given)} FROM source"  # noqa: S608 - names from our table


def _opened(found: Sequence[Wanted]) -> str:
    """Return SQL with a row for each file, and one for each repository without any."""
    files = next(f'"{want.name}"' for want in found if want.part == "files")
    is_bare = f"coalesce(len({files}), 0) = 0"
    given = {want.part: _value(want) for want in found if want.part not in ("files", "content")}
    count = given.pop("file_count", "0")
    given["files"] = f"CASE WHEN is_bare THEN {count} ELSE 1 END"
    return f"""SELECT {parts_select(given)}
               FROM (SELECT *, {is_bare} AS is_bare,
                            unnest(CASE WHEN {is_bare} THEN [NULL] ELSE {files} END) AS file
                     FROM source)"""  # noqa: S608 - as above


def _grouped(rows: str) -> str:
    given = {key: key for key in _KEYS} | {
        "files": "sum(files)",
        "bytes": "sum(bytes)",
        "stars": "max(stars)",
        "newest": "max(newest)",
        "is_fork": "bool_or(is_fork)",
        "parent": "max(parent)",
    }
    return f"SELECT {parts_select(given)} FROM ({rows}) GROUP BY {', '.join(_KEYS)}"  # noqa: S608 - as above

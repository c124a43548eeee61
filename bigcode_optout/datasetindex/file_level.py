"""How a schema with one row per file (v2) is read: the SQL for each column that the index needs.

The other schemas (three names in a row, lists of files) will have readers of their own beside this one;
each fills the same table of parts, so that everything after it stays as it is.
"""

import glob
from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from bigcode_optout.names import DatasetColumns

from .errors import IndexBuildError
from .inputs import InputFile

LARGEST_EXACT_FLOAT = 2**53
"""Up to here every whole number has a float64 of its own (IEEE 754), so that an id comes back unchanged."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column to read: its name in the file, its name in the table of parts, what it must be, its SQL."""

    column: str | None
    part: str
    expected: str
    fits: Callable[[pa.DataType], bool]
    sql_type: str
    sql: str = "{column}"
    is_required: bool = False


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _is_texts(kind: pa.DataType) -> bool:
    return (pa.types.is_list(kind) or pa.types.is_large_list(kind)) and _is_text(kind.value_type)


def _is_time(kind: pa.DataType) -> bool:
    return bool(pa.types.is_timestamp(kind) or pa.types.is_date(kind))


def wanted(columns: DatasetColumns) -> list[Wanted]:
    """Return the columns that the index takes from a schema with one name and one file in a row."""
    return [
        Wanted(columns.names[0], "repo_name", "text", _is_text, "VARCHAR", is_required=True),
        # Ids are positive; writers that cannot store null put 0 or -1.
        Wanted(
            columns.repository_id,
            "repo_id",
            "a whole number",
            _is_number,
            "BIGINT",
            "greatest(coalesce(try_cast({column} AS BIGINT), 0), 0)",
        ),
        Wanted(columns.language, "language", "text", _is_text, "VARCHAR"),
        Wanted(columns.licences[0], "licences", "a list of texts", _is_texts, "VARCHAR[]"),
        Wanted(columns.licence_type, "licence_type", "text", _is_text, "VARCHAR"),
        Wanted(columns.size, "bytes", "a whole number", _is_number, "HUGEINT"),
        Wanted(
            columns.stars[0], "stars", "a whole number", _is_number, "BIGINT", "try_cast({column} AS BIGINT)"
        ),
        Wanted(columns.revision_date, "newest", "a date or time", _is_time, "DATE"),
    ]


def check_columns(file: InputFile, columns: DatasetColumns) -> frozenset[str]:
    """Return the parts that `file` has; raises IndexBuildError naming file, column and what was expected."""
    present = set()
    for want in wanted(columns):
        if want.column is None or want.column not in file.schema.names:
            if want.is_required:
                raise IndexBuildError(
                    f"{file.path} has no column “{want.column}” ({want.expected} was expected). "
                    f"Its columns are: {', '.join(file.schema.names)}."
                )
            continue
        kind = file.schema.field(want.column).type
        if pa.types.is_null(kind):
            continue
        if not want.fits(kind):
            raise IndexBuildError(
                f"{file.path}: column “{want.column}” is {kind}, but {want.expected} was expected."
            )
        present.add(want.part)
    return frozenset(present)


def read_into_parts(connection: duckdb.DuckDBPyConnection, file: InputFile, columns: DatasetColumns) -> None:
    """Add the rows of one file to the table `parts`, grouped by everything that is not summed."""
    present = check_columns(file, columns)
    if "repo_id" in present:
        _refuse_inexact_ids(connection, file, columns.repository_id or "")
    selected = ", ".join(_expression(want, want.part in present) for want in wanted(columns))
    connection.execute(
        f"""INSERT INTO parts
            SELECT repo_name, repo_id, language, licences, licence_type,
                   count(*), coalesce(sum(bytes), 0), max(stars), max(newest)
            FROM (SELECT {selected} FROM read_parquet(?, hive_partitioning = false))
            GROUP BY repo_name, repo_id, language, licences, licence_type""",  # noqa: S608 - names from our table
        [glob.escape(str(file.path))],
    )


def _expression(want: Wanted, is_present: bool) -> str:
    column = f'"{want.column}"' if is_present else "NULL"
    return f"CAST({want.sql.format(column=column)} AS {want.sql_type}) AS {want.part}"


def _refuse_inexact_ids(connection: duckdb.DuckDBPyConnection, file: InputFile, column: str) -> None:
    if not pa.types.is_floating(file.schema.field(column).type):
        return
    found = connection.execute(
        f"""SELECT id
            FROM (SELECT CAST("{column}" AS DOUBLE) AS id FROM read_parquet(?, hive_partitioning = false))
            WHERE NOT isnan(id) AND (isinf(id) OR id <> floor(id) OR abs(id) > ?) LIMIT 1""",  # noqa: S608 - the column is one of ours
        [glob.escape(str(file.path)), LARGEST_EXACT_FLOAT],
    ).fetchone()
    if found:
        raise IndexBuildError(
            f"{file.path}: column “{column}” has {found[0]!r}, which is no whole number kept exactly."
        )

"""What a reader wants from a file: columns by name, what each must be, and the sentence when it is not."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from ..errors import IndexBuildError
from ..inputs import InputFile, sql_path

LARGEST_EXACT_FLOAT = 2**53
"""Up to here every whole number has a float64 of its own (IEEE 754), so that an id comes back unchanged."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of column: how it is called in a sentence, and which Arrow types are of it."""

    words: str
    fits: Callable[[pa.DataType], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column to read and the part it gives. `path` steps into structs, and into the structs of lists."""

    path: tuple[str, ...]
    part: str
    kind: Kind
    is_required: bool = False

    @property
    def name(self) -> str:
        return ".".join(self.path)


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))


def _is_texts(kind: pa.DataType) -> bool:
    return _is_list(kind) and _is_text(kind.value_type)


def _is_time(kind: pa.DataType) -> bool:
    return bool(pa.types.is_timestamp(kind) or pa.types.is_date(kind))


def _is_structs(kind: pa.DataType) -> bool:
    return _is_list(kind) and bool(pa.types.is_struct(kind.value_type))


TEXT = Kind("text", _is_text)
NUMBER = Kind("a whole number", _is_number)
TEXTS = Kind("a list of texts", _is_texts)
TIME = Kind("a date or time", _is_time)
FLAG = Kind("true or false", pa.types.is_boolean)
STRUCT = Kind("a struct", pa.types.is_struct)
STRUCTS = Kind("a list of structs", _is_structs)


def steps(column: str | None) -> tuple[str, ...]:
    """Return the path of a column of `names.DatasetColumns`, where a dot steps into a struct."""
    return tuple(column.split(".")) if column else ()


def check_wanted(file: InputFile, wanted: Iterable[Wanted]) -> frozenset[str]:
    """Return the parts that `file` has; raises IndexBuildError naming file, column and what was expected."""
    present = set()
    for want in wanted:
        kind = _type_of(file, want.path)
        if kind is None:
            if want.is_required:
                raise missing(file, want)
        elif not pa.types.is_null(kind):
            _expect(file, want.name, kind, want.kind)
            present.add(want.part)
    return frozenset(present)


def missing(file: InputFile, want: Wanted) -> IndexBuildError:
    """Return the error for a column that is not there."""
    return IndexBuildError(
        f"{file.path} has no column “{want.name}” ({want.kind.words} was expected). "
        f"Its columns are: {', '.join(file.columns)}."
    )


def _type_of(file: InputFile, path: Sequence[str]) -> pa.DataType | None:
    if not path or path[0] not in file.columns:
        return None
    kind = file.schema.field(path[0]).type
    for depth, name in enumerate(path[1:], start=1):
        if pa.types.is_null(kind):
            return kind
        _expect(file, ".".join(path[:depth]), kind, STRUCTS if _is_list(kind) else STRUCT)
        struct = kind.value_type if _is_list(kind) else kind
        position = struct.get_field_index(name)
        if position < 0:
            return None
        kind = struct.field(position).type
    return kind


def _expect(file: InputFile, name: str, kind: pa.DataType, expected: Kind) -> None:
    if not expected.fits(kind):
        raise IndexBuildError(f"{file.path}: column “{name}” is {kind}, but {expected.words} was expected.")


def is_float(file: InputFile, column: str) -> bool:
    """Tell whether a column at the top of `file` holds floats."""
    return bool(pa.types.is_floating(file.schema.field(column).type))


def refuse_inexact_ids(connection: duckdb.DuckDBPyConnection, file: InputFile, column: str) -> None:
    """Raise IndexBuildError if a column of float ids has one that is no whole number kept exactly."""
    if not is_float(file, column):
        return
    found = connection.execute(
        f"""SELECT id
            FROM (SELECT CAST("{column}" AS DOUBLE) AS id FROM {sql_path(file)})
            WHERE NOT isnan(id) AND (isinf(id) OR id <> floor(id) OR abs(id) > ?) LIMIT 1""",  # noqa: S608 - the column is one of ours
        [LARGEST_EXACT_FLOAT],
    ).fetchall()
    if found:
        raise IndexBuildError(
            f"{file.path}: column “{column}” has {found[0][0]!r}, which is no whole number kept exactly."
        )

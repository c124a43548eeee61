"""The columns of the list: one table that every format writes and reads by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from .errors import ListBroken, RuleRefused
from .rules import Rule


@dataclass(frozen=True, slots=True)
class Column:
    """`type` is one of string, date32, int64, bool: the words that Arrow and the `datasets` library share."""

    name: str
    type: str
    nullable: bool


COLUMNS = (
    Column("kind", "string", False),
    Column("name", "string", False),
    Column("name_key", "string", False),
    Column("name_valid_until", "date32", True),
    Column("owner_id", "int64", True),
    Column("repo_id", "int64", True),
    Column("files", "bool", False),
    Column("commits", "bool", False),
    Column("issues", "bool", False),
    Column("since_release", "string", False),
)
COLUMN_NAMES = tuple(column.name for column in COLUMNS)
_VALUES = attrgetter(*COLUMN_NAMES)
_PYTHON_TYPES: dict[str, type] = {"string": str, "date32": date, "int64": int, "bool": bool}

Row = dict[str, Any]
"""A row's values by column, in column order, dates as dates."""


def row_from_rule(rule: Rule) -> Row:
    """Return the rule's row."""
    return dict(zip(COLUMN_NAMES, _VALUES(rule), strict=True))


def rule_from_row(row: Mapping[str, Any], *, number: int) -> Rule:
    """Return the rule of row `number` (from 1). Raises ListBroken for other columns, wrong types or a bad
    rule.
    """
    check_row(row, COLUMNS, number=number)
    try:
        return Rule(**row)
    except RuleRefused as refused:
        raise ListBroken(f"Row {number} is not a rule: {refused}") from refused


def check_row(row: Mapping[str, Any], columns: tuple[Column, ...], *, number: int) -> None:
    """Raise ListBroken unless row `number` has these columns, no other, with values of their types."""
    if row.keys() != {column.name for column in columns}:
        raise ListBroken(
            f"Row {number} has the columns {', '.join(map(str, row))}; "
            f"it should have {', '.join(column.name for column in columns)}."
        )
    for column in columns:
        value = row[column.name]
        if type(value) is not _PYTHON_TYPES[column.type] and not (value is None and column.nullable):
            raise ListBroken(f"Row {number} has {value!r} where {column.name} ({column.type}) stands.")


def date_from_text(text: str, *, number: int) -> date:
    """Return the date of `YYYY-MM-DD`. Raises ListBroken for anything else, other ISO 8601 forms included."""
    try:
        day = date.fromisoformat(text)
    except ValueError as wrong:
        raise ListBroken(f"Row {number} has {text!r} where a date (YYYY-MM-DD) stands.") from wrong
    if day.isoformat() != text:
        raise ListBroken(f"Row {number} has {text!r} where a date (YYYY-MM-DD) stands.")
    return day


def described(columns: tuple[Column, ...]) -> tuple[dict[str, Any], ...]:
    """Return the columns as they stand in a manifest."""
    return tuple({"name": c.name, "type": c.type, "nullable": c.nullable} for c in columns)

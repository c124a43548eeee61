"""CSV whose cells cannot run as formulas, and the reader that undoes the guard.

A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a line break (OWASP, "CSV
Injection"). Owners with a leading hyphen are real, so such a cell is not refused but gets one apostrophe in
front; so that this can be undone, a cell that begins with an apostrophe gets one too. A reader takes one
leading apostrophe away, always.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any

from .errors import ListBroken
from .rules import Rule
from .schema import COLUMN_NAMES, COLUMNS, date_from_text, row_from_rule, rule_from_row

GUARD = "'"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
_BOOLEANS = {"true": True, "false": False}


def guard(text: str) -> str:
    """Return the cell for `text`: with one apostrophe in front if a spreadsheet could run it, else as it
    is.
    """
    return GUARD + text if text.startswith((*_DANGEROUS, GUARD)) else text


def unguard(cell: str) -> str:
    """Return the text of a guarded cell: the inverse of `guard` for every text."""
    return cell.removeprefix(GUARD)


def encode(rules: list[Rule]) -> bytes:
    """Return the file: header, one line for each rule, UTF-8, line feeds, quotes only where a cell needs
    them.
    """
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(COLUMN_NAMES)
    writer.writerows([_cell(value) for value in row_from_rule(rule).values()] for rule in rules)
    return sink.getvalue().encode("utf-8")


def decode(content: bytes) -> list[Rule]:
    """Return the rules in file order. Raises ListBroken."""
    try:
        return list(_rules(content.decode("utf-8")))
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise ListBroken("The data file is not a complete CSV file.") from wrong


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return guard(value) if isinstance(value, str) else str(value)


def _rules(text: str) -> Iterator[Rule]:
    if not text.endswith("\n"):
        raise ListBroken("The last line of the list has no end; the file is cut off.")
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(lines, [])
    if tuple(header) != COLUMN_NAMES:
        raise ListBroken(f"The CSV header is {','.join(header)}; a list has {','.join(COLUMN_NAMES)}.")
    for number, cells in enumerate(lines, start=1):
        if len(cells) != len(COLUMNS):
            raise ListBroken(f"Row {number} has {len(cells)} cells; a list has {len(COLUMNS)}.")
        values = [
            _value(cell, column.type, number=number) for cell, column in zip(cells, COLUMNS, strict=True)
        ]
        yield rule_from_row(dict(zip(COLUMN_NAMES, values, strict=True)), number=number)


def _value(cell: str, type_name: str, *, number: int) -> Any:
    if cell == "":
        return None
    if type_name == "string":
        return unguard(cell)
    if type_name == "date32":
        return date_from_text(cell, number=number)
    if type_name == "bool" and cell in _BOOLEANS:
        return _BOOLEANS[cell]
    # 19 digits hold every int64; Python refuses to read very long numbers with an error of its own.
    if type_name == "int64" and cell.isascii() and cell.isdigit() and len(cell) <= 19:
        return int(cell)
    raise ListBroken(f"Row {number} has {cell!r} where a value of type {type_name} stands.")

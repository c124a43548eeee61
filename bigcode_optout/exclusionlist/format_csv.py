"""CSV whose cells cannot run as formulas, and the reader that undoes the guard.

A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a line break (OWASP, "CSV
Injection"). Owners with a leading hyphen are real, so such a cell is not refused but gets one apostrophe in
front; so that this can be undone, a cell that begins with an apostrophe gets one too. A reader takes one
leading apostrophe away, always.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from .errors import ListBroken
from .schema import Column, Row, date_from_text

GUARD = "'"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
_GUARDED = (*_DANGEROUS, GUARD)
_BOOLEANS = {"true": True, "false": False}


def guard(text: str) -> str:
    """Return the cell for `text`: with one apostrophe in front if a spreadsheet could run it, else as it
    is.
    """
    return GUARD + text if text.startswith(_GUARDED) else text


def unguard(cell: str) -> str:
    """Return the text of a guarded cell: the inverse of `guard` for every text."""
    return cell.removeprefix(GUARD)


def encode(rows: Iterable[Row], columns: tuple[Column, ...], file: BinaryIO) -> None:
    """Write the file: header, one line for each row, UTF-8, line feeds, quotes only where a cell needs them."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    # Flushes, and leaves the file open: it is the caller's.
    text.detach()


def decode(content: bytes, columns: tuple[Column, ...]) -> Iterator[Row]:
    """Yield the rows in file order, each value of its column's type or None. Raises ListBroken."""
    try:
        yield from _rows(content.decode("utf-8"), columns)
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise ListBroken("The data file is not a complete CSV file.") from wrong


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return guard(value) if isinstance(value, str) else str(value)


def _rows(text: str, columns: tuple[Column, ...]) -> Iterator[Row]:
    if not text.endswith("\n"):
        raise ListBroken("The last line of the list has no end; the file is cut off.")
    names = [column.name for column in columns]
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(lines, [])
    if header != names:
        raise ListBroken(f"The CSV header is {','.join(header)}; a list has {','.join(names)}.")
    for number, cells in enumerate(lines, start=1):
        if len(cells) != len(columns):
            raise ListBroken(f"Row {number} has {len(cells)} cells; a list has {len(columns)}.")
        yield {
            column.name: _value(cell, column.type, number=number)
            for cell, column in zip(cells, columns, strict=True)
        }


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

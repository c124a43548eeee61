"""JSON Lines, which is also the canonical form whose hash stands in every manifest."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any, BinaryIO

from .errors import ListBroken
from .rules import Rule, sorted_rules
from .schema import Column, Row, date_from_text


def _day(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"A row holds no {type(value).__name__}.")


# json.dumps would make an encoder for each row, which takes longer than the rows.
_ENCODE = json.JSONEncoder(separators=(",", ":"), default=_day).encode


# Few different ones stand in a list.
_text = lru_cache(maxsize=1024)(_ENCODE)
_YES_OR_NO = ("false", "true")


def canonical_jsonl(rules: Iterable[Rule]) -> bytes:
    """Return the canonical form of a list: the same bytes for the same rules, whoever writes it.

    One JSON object for each rule in the total order; all columns, in column order; no blanks between
    tokens; dates as `YYYY-MM-DD`; absent values as null; every line, the last too, ends in one line feed.
    Names are ASCII, so nothing depends on how a writer escapes.
    """
    return b"".join(map(canonical_line, sorted_rules(rules)))


def canonical_sha256(ordered: Iterable[Rule]) -> str:
    """Return the SHA-256 of the canonical form of sorted rules, without holding that form."""
    digest = hashlib.sha256()
    for rule in ordered:
        digest.update(canonical_line(rule))
    return digest.hexdigest()


def canonical_line(rule: Rule) -> bytes:
    """Return the rule's line. Kind and names hold nothing that JSON escapes, or they would be no rule's."""
    until = rule.name_valid_until
    return (
        f'{{"kind":"{rule.kind}","name":"{rule.name}","name_key":"{rule.name_key}",'
        f'"name_valid_until":{"null" if until is None else _text(until.isoformat())},'
        f'"owner_id":{_number(rule.owner_id)},"repo_id":{_number(rule.repo_id)},'
        f'"files":{_YES_OR_NO[rule.files]},"commits":{_YES_OR_NO[rule.commits]},"issues":{_YES_OR_NO[rule.issues]},'
        f'"since_release":{_text(rule.since_release)}}}\n'
    ).encode("ascii")


def encode(rows: Iterable[Row], columns: tuple[Column, ...], file: BinaryIO) -> None:
    """Write one line for each row in the order given."""
    file.writelines(map(_line, rows))


def decode(content: bytes, columns: tuple[Column, ...]) -> Iterator[Row]:
    """Yield the rows in file order, with dates as dates; other values as JSON has them. Raises ListBroken."""
    if content and not content.endswith(b"\n"):
        raise ListBroken("The last line of the list has no end; the file is cut off.")
    days = [column.name for column in columns if column.type == "date32"]
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        row = _object(line, number)
        for name in days:
            if isinstance(row.get(name), str):
                row[name] = date_from_text(row[name], number=number)
        yield row


def _number(value: int | None) -> str:
    return "null" if value is None else str(value)


def _line(row: Row) -> bytes:
    return _ENCODE(row).encode("ascii") + b"\n"


def _object(line: bytes, number: int) -> Row:
    try:
        row: Any = json.loads(line)
    # Very deep nesting is no JSON of ours, either.
    except (ValueError, RecursionError) as wrong:
        raise ListBroken(f"Row {number} is not JSON.") from wrong
    if not isinstance(row, dict):
        raise ListBroken(f"Row {number} is not a JSON object.")
    return row

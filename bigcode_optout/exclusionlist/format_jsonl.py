"""JSON Lines, which is also the canonical form whose hash stands in every manifest."""

import hashlib
import io
import json
from collections.abc import Iterable
from typing import Any

from .errors import ListBroken
from .rules import Rule, sorted_rules
from .schema import date_from_text, row_from_rule, rule_from_row

# json.dumps would make an encoder for each row, which takes longer than the rows.
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode


def canonical_jsonl(rules: Iterable[Rule]) -> bytes:
    """Return the canonical form of a list: the same bytes for the same rules, whoever writes it.

    One JSON object for each rule in the total order; all columns, in column order; no blanks between
    tokens; dates as `YYYY-MM-DD`; absent values as null; every line, the last too, ends in one line feed.
    Names are ASCII, so nothing depends on how a writer escapes.
    """
    return encode(sorted_rules(rules))


def canonical_sha256(ordered: Iterable[Rule]) -> str:
    """Return the SHA-256 of the canonical form of sorted rules, without holding that form."""
    digest = hashlib.sha256()
    for rule in ordered:
        digest.update(_line(rule))
    return digest.hexdigest()


def encode(rules: list[Rule]) -> bytes:
    """Return one line for each rule in the order given; of sorted rules it is the canonical form."""
    sink = io.BytesIO()
    sink.writelines(map(_line, rules))
    return sink.getvalue()


def decode(content: bytes) -> list[Rule]:
    """Return the rules in file order. Raises ListBroken."""
    if content and not content.endswith(b"\n"):
        raise ListBroken("The last line of the list has no end; the file is cut off.")
    return [_rule(line, number) for number, line in enumerate(content.split(b"\n")[:-1], start=1)]


def _line(rule: Rule) -> bytes:
    row = row_from_rule(rule)
    until = row["name_valid_until"]
    row["name_valid_until"] = until and until.isoformat()
    return _ENCODE(row).encode("ascii") + b"\n"


def _rule(line: bytes, number: int) -> Rule:
    try:
        row: Any = json.loads(line)
    except ValueError as wrong:
        raise ListBroken(f"Row {number} is not JSON.") from wrong
    if not isinstance(row, dict):
        raise ListBroken(f"Row {number} is not a JSON object.")
    if isinstance(row.get("name_valid_until"), str):
        row["name_valid_until"] = date_from_text(row["name_valid_until"], number=number)
    return rule_from_row(row, number=number)

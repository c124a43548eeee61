"""The legacy list's file: one JSON object on one line, a column for each account."""

import json
from typing import Any, BinaryIO

from .errors import ListBroken

NEUTRAL_COLUMN = "no account is listed"
"""Stands alone in an empty list, since `{}` cannot be loaded; its blanks keep it from being anybody's
login.
"""


def encode(columns: dict[str, list[str]], file: BinaryIO) -> None:
    """Write the file of `legacy.legacy_columns`; never without a column."""
    before = b"{"
    for account, words in (columns or {NEUTRAL_COLUMN: []}).items():
        file.write(before + f"{json.dumps(account)}: {json.dumps(words)}".encode("ascii"))
        before = b", "
    file.write(b"}\n")


def check(content: bytes) -> None:
    """Raise ListBroken unless `content` is one line with one object whose values are lists of strings.

    A second row would make the `datasets` library fill every account with nulls, on which the reader fails.
    """
    if content.count(b"\n") != 1 or not content.endswith(b"\n"):
        raise ListBroken("A legacy list is one line; this file is cut off or has more rows.")
    try:
        columns: Any = json.loads(content)
    except ValueError as wrong:
        raise ListBroken("The legacy list is not JSON.") from wrong
    if not isinstance(columns, dict) or not columns:
        raise ListBroken("A legacy list is an object with a column for each account.")
    for account, words in columns.items():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ListBroken(f"The account {account!r} has no list of strings.")

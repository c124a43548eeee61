"""The command `match`."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from .errors import KeyRefused
from .keyed import KeyedRow, ListKey
from .keyed_list import KeyedList, read_keyed
from .list_commands import add_keys_argument, keys_from
from .rules import SCOPE_KINDS
from .run_arguments import day
from .secret_files import secret_text

LIST_KEY_VARIABLE = "BIGCODE_LIST_KEY"


def add_match(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("folder", type=Path, help="folder of a keyed list")
    parser.add_argument(
        "--name",
        action="append",
        metavar="NAME",
        help="login, owner/name or number; may stand again; else they are read from standard input, one a line",
    )
    parser.add_argument(
        "--list-key-file", type=Path, metavar="FILE", help=f"the list's key (else ${LIST_KEY_VARIABLE})"
    )
    parser.add_argument(
        "--data-date", type=day, metavar="YYYY-MM-DD", help="the day your dataset version stands for"
    )
    parser.add_argument("--scope", choices=SCOPE_KINDS, help="only what asks for this kind of record")
    parser.add_argument("--ids", action="store_true", help="what is given are repository numbers, not names")
    add_keys_argument(parser)
    parser.set_defaults(run=run_match)


def run_match(arguments: argparse.Namespace) -> None:
    """Print each given name or number that the list covers, as it was given, one a line."""
    text = secret_text(arguments.list_key_file, variable=LIST_KEY_VARIABLE)
    if text is None:
        raise KeyRefused(f"A keyed list is read with its key: give --list-key-file or ${LIST_KEY_VARIABLE}.")
    found = read_keyed(arguments.folder, ListKey.from_text(text), keys=keys_from(arguments.keys))
    for name in arguments.name or _lines():
        rows = _rows(found, name, arguments)
        if any(arguments.scope is None or getattr(row, arguments.scope) for row in rows):
            sys.stdout.write(name + "\n")


def _rows(found: KeyedList, name: str, arguments: argparse.Namespace) -> list[KeyedRow]:
    if not arguments.ids:
        return found.rows_for_name(name, data_date=arguments.data_date)
    # 19 digits hold every int64. What is no number is no repository's.
    return found.rows_for_id(int(name)) if name.isascii() and name.isdigit() and len(name) <= 19 else []


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        if name := line.rstrip("\r\n"):
            yield name

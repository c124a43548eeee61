"""The commands `check-receipt` and `check-report`."""

import argparse
import sys
from pathlib import Path
from typing import Any

from .list_commands import add_keys_argument, keys_from
from .receipt import ReceiptRefused, check_receipt, read_document


def add_check_receipt(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of `check-receipt`."""
    _add(parser, "receipt in JSON, as the desk gives it", of="the receipt")
    parser.set_defaults(run=run_check_receipt)


def add_check_report(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of `check-report`."""
    _add(parser, "report that verify wrote with --sign-key", of="the report")
    parser.set_defaults(run=run_check_report)


def run_check_receipt(arguments: argparse.Namespace) -> None:
    """Print one sentence if the desk signed the receipt as it stands. Raises ExclusionListError."""
    document = read_document(arguments.file)
    if "report" in document:
        raise ReceiptRefused(f"{arguments.file} is the report of a run over shards, not a receipt.")
    _check(document, arguments)


def run_check_report(arguments: argparse.Namespace) -> None:
    """Print one sentence if a key of the set signed the report as it stands. Raises ExclusionListError."""
    document = read_document(arguments.file)
    if document.get("report") != "verify":
        raise ReceiptRefused(f"{arguments.file} is not a report of verify.")
    _check(document, arguments)


def _add(parser: argparse.ArgumentParser, what: str, *, of: str) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=what)
    add_keys_argument(parser, required=True, of=of)


def _check(document: dict[str, Any], arguments: argparse.Namespace) -> None:
    keys = keys_from(arguments.keys)
    assert keys is not None  # the argument is required
    key_id = check_receipt(document, keys)
    sys.stdout.write(f"{arguments.file} stands as it was signed by the key {key_id}.\n")

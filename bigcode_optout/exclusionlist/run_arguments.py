"""What the commands over shards are told alike on the command line, and the list that they are told to use."""

import argparse
from datetime import date
from pathlib import Path

from .applying import SCHEMAS
from .list_commands import add_keys_argument, keys_from, warn_of_unchecked_key
from .reader import ExclusionList, read
from .roll_back import default_state, remember, require_not_older


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """Add inputs, list and its guards, schema, data date, dataset version, and how many shards at a time."""
    parser.add_argument(
        "inputs", nargs="+", type=Path, metavar="INPUT", help="Parquet shards, or folders of them"
    )
    add_list_arguments(parser)
    parser.add_argument("--schema", required=True, choices=SCHEMAS, help="whose columns the shards have")
    add_data_date_argument(parser)
    parser.add_argument(
        "--dataset-version", metavar="NAME", help="what the dataset version is called in the report"
    )
    add_jobs_argument(parser)


def add_list_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--list`, `--keys`, `--state` and `--allow-older`."""
    parser.add_argument(
        "--list", required=True, type=Path, metavar="FOLDER", help="folder of the exclusion list"
    )
    add_keys_argument(parser)
    parser.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="refuse a list older than the one this file remembers, and note it there when it is applied"
        " (without it: what fetch noted in its own file)",
    )
    parser.add_argument("--allow-older", action="store_true", help="do not look at what was used last")


def list_from(arguments: argparse.Namespace, *, is_use: bool = False) -> ExclusionList:
    """Return the list, whole and, as far as asked for, signed and not older than the one last used.

    `is_use`: from now on this is the one that was used last. Raises ListBroken, SignatureRefused, RolledBack.
    """
    exclusions = read(arguments.list, keys=keys_from(arguments.keys))
    warn_of_unchecked_key(exclusions.manifest, arguments.keys)
    if arguments.state and is_use and not arguments.allow_older:
        remember(exclusions.manifest, arguments.state)
    elif not arguments.allow_older:
        require_not_older(exclusions.manifest, arguments.state or default_state())
    return exclusions


def add_data_date_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--data-date`."""
    parser.add_argument(
        "--data-date",
        type=day,
        metavar="YYYY-MM-DD",
        help="the day the dataset version's crawl stands for; needed if the list has names with an end",
    )


def add_jobs_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--jobs`."""
    parser.add_argument("--jobs", type=jobs, default=2, metavar="N", help="shards at a time (2)")


def day(text: str) -> date:
    """Return the date of `YYYY-MM-DD`; raises what argparse shows as wrong usage."""
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date (YYYY-MM-DD)") from wrong


def jobs(text: str) -> int:
    """Return a number from 1 on; raises what argparse shows as wrong usage."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of shards, from 1 on")
    return int(text)

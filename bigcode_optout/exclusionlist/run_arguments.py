"""What `apply` and `verify` are told alike on the command line."""

import argparse
from datetime import date
from pathlib import Path

from .applying import SCHEMAS


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """Add inputs, list, schema, data date, dataset version, report and how many shards at a time."""
    parser.add_argument(
        "inputs", nargs="+", type=Path, metavar="INPUT", help="Parquet shards, or folders of them"
    )
    parser.add_argument(
        "--list", required=True, type=Path, metavar="FOLDER", help="folder of the exclusion list"
    )
    parser.add_argument("--schema", required=True, choices=SCHEMAS, help="whose columns the shards have")
    parser.add_argument(
        "--data-date",
        type=day,
        metavar="YYYY-MM-DD",
        help="the day the dataset version's crawl stands for; needed if the list has names with an end",
    )
    parser.add_argument(
        "--dataset-version", metavar="NAME", help="what the dataset version is called in the report"
    )
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

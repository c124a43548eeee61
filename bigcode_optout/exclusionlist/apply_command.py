"""The command `apply`."""

import argparse
import sys
from pathlib import Path

from .applying import Options, apply, on_spark, on_this_machine
from .run_arguments import add_run_arguments, list_from
from .run_progress import progress_bar
from .shards import write_json

ENGINES = {"duckdb": on_this_machine, "spark": on_spark}


def add_apply(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    add_run_arguments(parser)
    parser.add_argument(
        "--engine",
        choices=[*ENGINES],
        default="duckdb",
        help="duckdb: on this machine; spark: each shard as a task of a Spark cluster",
    )
    parser.add_argument(
        "--output", required=True, type=Path, metavar="DIR", help="folder for the shards that come out"
    )
    parser.add_argument(
        "--report", type=Path, metavar="R.json", help="the report (DIR.apply.json, beside the folder)"
    )
    parser.add_argument(
        "--memory-limit", default="1GB", metavar="SIZE", help="DuckDB's memory in a process (1GB)"
    )
    parser.set_defaults(run=run_apply)


def run_apply(arguments: argparse.Namespace) -> None:
    """Filter the shards, write the report, print one paragraph. Raises ExclusionListError."""
    options = Options(
        schema=arguments.schema,
        data_date=arguments.data_date,
        dataset_version=arguments.dataset_version,
        memory_limit=arguments.memory_limit,
        jobs=arguments.jobs,
    )
    output: Path = arguments.output.absolute()
    place: Path = arguments.report or output.with_name(f"{output.name}.apply.json")
    with progress_bar("apply") as advance:
        report = apply(
            list_from(arguments, is_use=True),
            arguments.inputs,
            output=output,
            options=options,
            spread=ENGINES[arguments.engine],
            on_shard=lambda shard, result, done, total: advance(done, total),
            on_report=lambda report: write_json(report, place),
        )
    totals = report["totals"]
    sys.stdout.write(
        f"{totals['rows_in']:,} rows in {totals['shards']:,} shards: {totals['rows_removed']:,} removed,"
        f" {totals['rows_with_another_holder']['emptied']:,} emptied,"
        f" {totals['events_removed']:,} single events cut out."
        f" {totals['shards_unchanged']:,} shards are unchanged. Report: {place}\n"
    )
    if without := totals["rows_without_login"]:
        sys.stdout.write(
            f"{without:,} rows are in shards without any author’s login: of those only repositories were"
            " compared.\n"
        )

"""The command `gate`, for a builder's own checks before a release."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from .applying import SCHEMAS
from .run_arguments import add_data_date_argument, add_jobs_argument, add_list_arguments, list_from
from .run_progress import progress_bar
from .verify_command import NotAbsent
from .verifying import gate


def add_gate(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument(
        "inputs",
        nargs="+",
        type=Path,
        metavar="INDEX_OR_SHARDS",
        help="folder of an index, Parquet shards, or folders of them",
    )
    add_list_arguments(parser)
    parser.add_argument("--schema", choices=SCHEMAS, help="whose columns the shards have (found from them)")
    add_data_date_argument(parser)
    add_jobs_argument(parser)
    parser.add_argument(
        "--names", type=int, default=10, metavar="N", help="print so many names (10); 0 where others read it"
    )
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON, all names in it")
    parser.set_defaults(run=run_gate)


def run_gate(arguments: argparse.Namespace) -> None:
    """Print what is found. Raises NotAbsent if that is anything."""
    exclusions = list_from(arguments)
    with progress_bar("gate") as advance:
        report = gate(
            exclusions,
            arguments.inputs,
            schema=arguments.schema,
            data_date=arguments.data_date,
            jobs=arguments.jobs,
            on_shard=lambda shard, done, total: advance(done, total),
        )
    if without := report["rows_without_login"]:
        sys.stderr.write(f"{without:,} rows name nobody: of those only repositories were compared.\n")
    sys.stdout.write(
        json.dumps(report, indent=1) + "\n" if arguments.json else _lines(report, arguments.names)
    )
    if not report["passed"]:
        raise NotAbsent(
            f"{len(report['findings']):,} exclusions of release {report['release']} cover"
            f" {report['rows_found']:,} rows and {report['events_found']:,} single events of what is planned."
        )


def _lines(report: dict[str, Any], names: int) -> str:
    if report["passed"]:
        return (
            f"Nothing that release {report['release']} excludes is in {report['rows_scanned']:,} rows of"
            f" {report['files']:,} files.\n"
        )
    lines = [
        f"{kind:<12}{counted['exclusions']:>12,} exclusions {counted['rows']:>14,} rows"
        for kind, counted in report["by_kind"].items()
    ]
    findings = sorted(report["findings"], key=lambda line: (-line["rows"], line["rule"]))
    for line in findings[: max(names, 0)]:
        lines.append(
            f"  {line['name_key']:<50} {line['rows']:>12,} rows, first in {line['shards'][0]['name']}"
        )
    if names > 0 and len(findings) > names:
        lines.append(f"  and {len(findings) - names:,} more")
    return "\n".join(lines) + "\n"

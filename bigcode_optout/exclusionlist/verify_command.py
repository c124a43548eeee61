"""The command `verify`."""

import argparse
import sys
from pathlib import Path

from .errors import ExclusionListError
from .key_commands import signing_key_from
from .receipt import sign_receipt
from .run_arguments import add_run_arguments, list_from
from .run_progress import progress_bar
from .shards import write_json
from .verifying import Check, verify


class NotAbsent(ExclusionListError):  # noqa: N818 - it says what was found, as the room's other errors do
    """The check ran to its end and did not pass; the report says why."""


def add_verify(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    add_run_arguments(parser)
    parser.add_argument("--report", required=True, type=Path, metavar="R.json", help="where the report goes")
    parser.add_argument(
        "--unfiltered",
        nargs="+",
        type=Path,
        default=[],
        metavar="INPUT",
        help="the shards as they were, for the control: there the check must find what apply reported",
    )
    parser.add_argument(
        "--apply-report", type=Path, metavar="A.json", help="the report of apply, for the control"
    )
    parser.add_argument(
        "--sign-key", type=Path, metavar="FILE", help="private key in PEM; the report is signed with it"
    )
    parser.set_defaults(run=run_verify)


def run_verify(arguments: argparse.Namespace) -> None:
    """Check the shards, write the report, print one sentence. Raises NotAbsent if anything was found, or the
    control does not agree; the report is written before.
    """
    check = Check(
        schema=arguments.schema,
        data_date=arguments.data_date,
        dataset_version=arguments.dataset_version,
        unfiltered=tuple(arguments.unfiltered),
        apply_report=arguments.apply_report,
        jobs=arguments.jobs,
    )
    # Asked for first: hours of reading must not end at a key that cannot be read.
    key = signing_key_from(arguments.sign_key) if arguments.sign_key else None
    with progress_bar("verify") as advance:
        report = verify(
            list_from(arguments),
            arguments.inputs,
            check,
            on_shard=lambda shard, done, total: advance(done, total),
        )
    write_json(sign_receipt(report, key) if key else report, arguments.report)
    if without := report["rows_without_login"]:
        sys.stderr.write(
            f"{without:,} rows name nobody: of those only repositories were compared, and what a person made in"
            " repositories of others was not looked for.\n"
        )
    control = report["control"]
    if report["findings"]:
        raise NotAbsent(
            f"{len(report['findings']):,} exclusions still cover {report['rows_left']:,} rows and"
            f" {report['events_left']:,} single events. Report: {arguments.report}"
        )
    if control and not control["agrees"]:
        raise NotAbsent(
            "Nothing excluded was found, but over the unfiltered input the check does not find what apply"
            f" reported, so it proves nothing. Report: {arguments.report}"
        )
    said = "the control agrees" if control else "no control was run"
    sys.stdout.write(
        f"Nothing excluded is left in {report['rows_scanned']:,} rows of {report['files']:,} shards;"
        f" {said}. Report: {arguments.report}\n"
    )

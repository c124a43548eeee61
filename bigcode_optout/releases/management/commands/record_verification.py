"""`manage.py record_verification NAME R.json`."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from bigcode_optout.core.errors import Refused
from bigcode_optout.releases import verifying
from bigcode_optout.releases.findings import concerned_references
from bigcode_optout.releases.management.release_command import ReleaseCommand
from bigcode_optout.releases.models import Release

# 1 is for a report that is refused, 2 for usage.
FAILED = 3


class Command(ReleaseCommand):
    """Keeps a report of `exclusionlist verify`. Exit code 0: nothing was found; 3: something was found."""

    help = "Record what a check over the dataset's files showed about a release's list."
    _has_passed = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The report."""
        super().add_arguments(parser)
        parser.add_argument("report", type=Path, help="the JSON file that verify wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        """Record, say what came out, leave with the exit code."""
        super().handle(*args, **options)
        if not self._has_passed:
            sys.exit(FAILED)

    def act(self, release: Release, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """Record."""
        path: Path = options["report"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise Refused("report_unreadable", f"{path} cannot be read: {error.strerror}.") from error
        kept = verifying.record(release_id=release.pk, report=content, by=None)
        self._has_passed = kept.has_passed
        references = concerned_references(kept)
        facts = {
            "release": kept.release.name,
            "state": kept.release.state,
            "report_sha256": kept.report_sha256,
            "passed": kept.has_passed,
            "scope_kind": kept.scope_kind,
            "files": kept.file_count,
            "rows": kept.row_count,
            "findings": kept.findings.count(),
            "requests": references,
        }
        return facts, _sentence(facts)


def _sentence(facts: dict[str, Any]) -> str:
    scanned = f"{facts['rows']:,} rows of {facts['files']:,} files"
    if facts["passed"]:
        return f"{facts['release']} is {facts['state']}: nothing excluded was found in {scanned}."
    named = f" Requests: {', '.join(facts['requests'])}." if facts["requests"] else ""
    rules = f"{facts['findings']:,} rules still cover something"
    return f"{facts['release']} is {facts['state']}: {rules} in {scanned}.{named}"

"""`manage.py verify_audit`: are all histories as they were written?"""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bigcode_optout.removals import audit


class Command(BaseCommand):
    """Exit code 1 when something was changed, left out, put in another order or cut off; each place is a line."""

    help = "Verify the chained events of every request, and say where a history is not as it was written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to answer, and what to compare with."""
        parser.add_argument("--json", action="store_true", help="one JSON object with totals and findings")
        parser.add_argument(
            "--write-heads", type=Path, help="write the end of each history into a file, to keep elsewhere"
        )
        parser.add_argument(
            "--against", type=Path, help="histories must lead through the ends kept in a file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read everything once."""
        report = audit.verify(_kept(options["against"]) if options["against"] else None)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json()))
        else:
            for one in report.findings:
                self.stdout.write(f"{one.request} {one.number}: {one.code}. {one.sentence}")
            self.stdout.write(
                f"{report.events:,} events of {report.requests:,} requests read, "
                f"the words of {report.erased_texts:,} erased; {len(report.findings):,} findings."
            )
        if report.findings:
            sys.exit(1)
        if options["write_heads"]:
            _keep(options["write_heads"])


def _keep(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for head in audit.heads():
            file.write(json.dumps(head) + "\n")


def _kept(path: Path) -> dict[int, tuple[int, str]]:
    try:
        with path.open(encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        return {request_id: (number, text) for request_id, number, text in rows}
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}") from error

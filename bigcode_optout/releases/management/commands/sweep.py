"""`manage.py sweep --version V`: look in a version for everything that should be left out, by hand."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.core.errors import Conflict, DomainError
from bigcode_optout.releases.models import Reappearance, VersionSweep
from bigcode_optout.releases.queries import standing_reappearances
from bigcode_optout.releases.sweeping import sweep

# 1 is for “could not be swept”, 2 for usage.
SOMETHING_UNEXPECTED = 3
# As EX_TEMPFAIL of sysexits.h: nothing is wrong, another one is at it; try again.
TRY_AGAIN = 75


class Command(BaseCommand):
    """Exit code 0: swept, nothing stands there that should not; 3: something does; 75: a worker is at it just now, try
    again; 1: could not be swept.
    """

    help = "Sweep a version for standing exclusions and accepted requests, and list what is found."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Django's own --version prints Django's; here the word means the dataset's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The version, and the form of the answer."""
        parser.add_argument("--version", dest="dataset_version", required=True)
        parser.add_argument("--dataset", default=settings.DATASET)
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep, print totals and rows, leave with the exit code."""
        slug, name = options["dataset"], options["dataset_version"]
        version = DatasetVersion.objects.filter(dataset__slug=slug, name=name).first()
        if version is None:
            raise CommandError(f"There is no version “{name}” of {slug}.")
        try:
            done = sweep(version_id=version.pk)
        except Conflict as error:
            raise CommandError(error.sentence, returncode=TRY_AGAIN) from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        rows = list(
            standing_reappearances(slug)
            .filter(sweep=done)
            .select_related("excluded_since", "item__request")
            .order_by("-is_unexpected", "full_name", "item_id")
        )
        facts = _facts(version, done, rows)
        self.stdout.write(json.dumps(facts, ensure_ascii=False) if options["json"] else _text(facts))
        if facts["unexpected"]:
            sys.exit(SOMETHING_UNEXPECTED)


def _facts(version: DatasetVersion, done: VersionSweep, rows: list[Reappearance]) -> dict[str, Any]:
    assert done.finished_at is not None
    return {
        "dataset": version.dataset.slug,
        "version": version.name,
        "build": done.build.name,
        "finished_at": done.finished_at.isoformat(),
        "looked_for": done.rule_count,
        "repositories": done.found_count,
        "unexpected": len({(row.full_name, row.repository_id) for row in rows if row.is_unexpected}),
        "found": [_row(row) for row in rows],
    }


def _row(row: Reappearance) -> dict[str, Any]:
    return {
        "repository": row.full_name,
        "repository_id": row.repository_id,
        "files": row.file_count,
        "bytes": row.byte_count,
        "found_by": row.found_by,
        "excluded_since": row.excluded_since.name if row.excluded_since else None,
        "is_unexpected": row.is_unexpected,
        "request": row.item.request.reference,
    }


def _text(facts: dict[str, Any]) -> str:
    lines = [
        f"{facts['version']}: {facts['looked_for']:,} names and numbers looked for, "
        f"{facts['repositories']:,} repositories found, {facts['unexpected']:,} that should not be there."
    ]
    for row in facts["found"]:
        state = "should not be there" if row["is_unexpected"] else "expected"
        since = f"on the list since {row['excluded_since']}" if row["excluded_since"] else "on no list yet"
        lines.append(f"{row['repository']}\t{row['found_by']}\t{since}\t{state}\t{row['request']}")
    return "\n".join(lines)

"""`manage.py export_release NAME --format … --output DIR`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from bigcode_optout.exclusionlist import FORMATS
from bigcode_optout.releases import services
from bigcode_optout.releases.management.release_command import ReleaseCommand
from bigcode_optout.releases.models import Release


class Command(ReleaseCommand):
    """The files are written once and kept; every call gives the same bytes."""

    help = "Write a frozen release's exclusion list in one format."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Format and folder beside what every release command has."""
        super().add_arguments(parser)
        parser.add_argument("--format", choices=list(FORMATS), required=True)
        parser.add_argument("--output", type=Path, required=True, help="an empty or a new folder")

    def act(self, release: Release, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """Export."""
        kept = services.export(release=release, format=options["format"], by=None, output=options["output"])
        facts = {
            "release": release.name,
            "format": kept.format,
            "output": str(options["output"]),
            "manifest": kept.manifest,
        }
        return facts, f"{release.name} as {kept.format} is in {options['output']}."

"""`manage.py export_release NAME --format … --output DIR`, `--delta-from NAME --output DIR` or `--everything`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from bigcode_optout.releases import exporting
from bigcode_optout.releases.management.release_command import ReleaseCommand
from bigcode_optout.releases.models import Release
from bigcode_optout.releases.queries import release_named

Answer = tuple[dict[str, Any], str]


class Command(ReleaseCommand):
    """The files are written once and kept; every call gives the same bytes."""

    help = (
        "Write a frozen release's exclusion list in one format, or what leads to it from an earlier release."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to write, and the folder, beside what every release command has."""
        super().add_arguments(parser)
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--format", choices=exporting.ALL_FORMATS)
        what.add_argument("--delta-from", metavar="NAME", help="an earlier release")
        what.add_argument(
            "--everything", action="store_true", help="every format and delta; only kept, no copy"
        )
        parser.add_argument("--output", type=Path, help="an empty or a new folder for a copy")

    def act(self, release: Release, options: dict[str, Any]) -> Answer:
        """Export."""
        if options["everything"]:
            return _everything(release)
        if options["output"] is None:
            raise CommandError("Name the folder for the copy with --output.")
        if options["delta_from"]:
            return _delta(
                release, release_named(options["dataset"], options["delta_from"]), options["output"]
            )
        kept = exporting.export(release=release, format=options["format"], by=None, output=options["output"])
        facts = {
            "release": release.name,
            "format": kept.format,
            "output": str(options["output"]),
            "manifest": kept.manifest,
        }
        return facts, f"{release.name} as {kept.format} is in {options['output']}.{_signed(kept.manifest)}"


def _delta(release: Release, before: Release, output: Path) -> Answer:
    kept = exporting.export_delta(release=release, before=before, by=None, output=output)
    facts = {"release": release.name, "from": before.name, "output": str(output), "manifest": kept.manifest}
    return facts, f"What leads from {before} to {release} is in {output}.{_signed(kept.manifest)}"


def _everything(release: Release) -> Answer:
    exporting.rules_of(release)
    if problems := exporting.export_everything(release_id=release.pk):
        raise CommandError(" ".join(str(problem) for problem in problems))
    formats = sorted(release.exports.values_list("format", flat=True))
    deltas = [kept.before.name for kept in release.deltas.select_related("before")]
    sentence = f"{release.name} is written in {len(formats)} formats, with {len(deltas)} deltas."
    return {"release": release.name, "formats": formats, "deltas_from": deltas}, sentence


def _signed(manifest: dict[str, Any]) -> str:
    key_id = manifest["key_id"]
    return f" It is signed by the key {key_id}." if key_id else " It is not signed: no key is configured."

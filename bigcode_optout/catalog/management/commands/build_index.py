"""`manage.py build_index`: build and register the index of a dataset version."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bigcode_optout.catalog import services
from bigcode_optout.datasetindex import IndexBuildError


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no day. Write it as 2023-09-06.") from None


class Command(BaseCommand):
    """Builds beside the index that serves now and switches only when the new one is whole."""

    help = "Build the index of a dataset version from its metadata and make it the current one."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Django's own --version prints Django's; here the word means the dataset's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Names, schema, data date and input files."""
        parser.add_argument("--dataset", required=True)
        parser.add_argument("--version", dest="dataset_version", required=True)
        parser.add_argument("--schema", default="v2")
        parser.add_argument("--data-date", required=True, type=_day, help="YYYY-MM-DD")
        parser.add_argument("--deduplicated", choices=["no", "exact", "near"], default="exact")
        parser.add_argument(
            "inputs", nargs="+", type=Path, metavar="INPUT", help="Parquet file, folder or glob"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, register, say what was counted."""
        try:
            build = services.build_index(
                dataset=options["dataset"],
                version=options["dataset_version"],
                schema=options["schema"],
                data_date=options["data_date"],
                inputs=options["inputs"],
                deduplicated=options["deduplicated"],
            )
        except IndexBuildError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{build.version}: {build.repository_count:,} repositories of {build.owner_count:,} owners, "
            f"{build.file_count:,} files, {build.byte_count:,} bytes."
        )

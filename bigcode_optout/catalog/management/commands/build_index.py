"""`manage.py build_index`: build and register the index of a dataset version."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bigcode_optout.catalog import services
from bigcode_optout.catalog.models import DatasetVersion, IndexBuild
from bigcode_optout.datasetindex import IndexBuildError, IndexManifest
from bigcode_optout.datasetindex.building import DEDUPLICATED
from bigcode_optout.datasetindex.readers import AUTO, SCHEMAS
from bigcode_optout.datasetindex.reporting import shown_progress
from bigcode_optout.datasetindex.summary import summary


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no day. Write it as 2023-09-06.") from None


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"“{text}” is no number of threads.")
    return int(text)


class Command(BaseCommand):
    """Builds beside the index that serves now and switches only when the new one is whole."""

    help = "Build the index of a dataset version from its metadata and make it the current one."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Django's own --version prints Django's; here the word means the dataset's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Names, schema, data date, limits and input files."""
        parser.add_argument("--dataset", default=settings.DATASET)
        parser.add_argument("--version", dest="dataset_version", required=True)
        parser.add_argument(
            "--schema", choices=(AUTO, *SCHEMAS), default=AUTO, help="how the files are laid out"
        )
        parser.add_argument(
            "--data-date", required=True, type=_day, help="the day the data stands for, YYYY-MM-DD"
        )
        parser.add_argument(
            "--deduplicated", choices=DEDUPLICATED, help="default: as the schema is published"
        )
        parser.add_argument(
            "--copies",
            action="store_true",
            help="then count, in a second pass, which files stand elsewhere, too",
        )
        parser.add_argument(
            "--may-shrink",
            action="store_true",
            help="let it serve although it has less than half of the repositories of the one before",
        )
        parser.add_argument(
            "--memory-limit", help=f"default: INDEX_MEMORY_LIMIT, {settings.INDEX_MEMORY_LIMIT}"
        )
        parser.add_argument(
            "--threads", type=_count, help=f"default: INDEX_THREADS, {settings.INDEX_THREADS}"
        )
        parser.add_argument(
            "inputs", nargs="+", type=Path, metavar="INPUT", help="files, folders or globs of the metadata"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, register, say what was counted; then the copies."""
        limits = {"memory_limit": options["memory_limit"], "threads": options["threads"]}
        try:
            with shown_progress() as on_progress:
                made = services.build_index(
                    dataset=options["dataset"],
                    version=options["dataset_version"],
                    schema=options["schema"],
                    data_date=options["data_date"],
                    inputs=options["inputs"],
                    deduplicated=options["deduplicated"],
                    may_shrink=options["may_shrink"],
                    on_progress=on_progress,
                    **limits,
                )
        except IndexBuildError as error:
            raise CommandError(f"{error} {self._what_serves(options)}") from error
        self._say(made)
        if options["copies"]:
            self._count_copies(made, options["inputs"], limits)

    def _what_serves(self, options: dict[str, Any]) -> str:
        has_index = DatasetVersion.objects.filter(
            dataset__slug=options["dataset"], name=options["dataset_version"], current_build__isnull=False
        ).exists()
        return "The index that served before still serves." if has_index else "The version has no index yet."

    def _say(self, made: IndexBuild) -> None:
        first, *others = summary(IndexManifest.from_dict(made.manifest))
        for line in (f"{made.version}: {first}", *others, *made.remarks):
            self.stdout.write(line)
        if made.is_current:
            self.stdout.write(f"Build {made.name} answers for {made.version} now.")
        else:
            raise CommandError(
                f"Build {made.name} does not serve. If it is right: "
                f"manage.py switch_index {made.version} {made.name}"
            )

    def _count_copies(self, made: IndexBuild, inputs: list[Path], limits: dict[str, Any]) -> None:
        """The index serves already; without its copies they are “not measurable”, which is true."""
        # Imported when asked for: most builds do without.
        from bigcode_optout.catalog import copying

        try:
            with shown_progress() as on_progress:
                copying.count_copies(build=made, inputs=inputs, on_progress=on_progress, **limits)
        except IndexBuildError as error:
            raise CommandError(f"The index serves. Copies elsewhere were not counted: {error}") from error
        self.stdout.write("Copies elsewhere are counted.")

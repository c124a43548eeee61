"""`manage.py count_copies VERSION INPUT…`: the second pass over the build that answers now, begun or gone on with."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bigcode_optout.catalog.copying import count_copies
from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.datasetindex import IndexBroken, IndexBuildError
from bigcode_optout.datasetindex.reporting import shown_progress


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"“{text}” is no number of threads.")
    return int(text)


class Command(BaseCommand):
    """What `build_index --copies` does after the build. Interrupted, it goes on where it stopped."""

    help = (
        "Count, for the current build of a version, which files stand in repositories of other owners, too."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The version, the files that it was built from, limits."""
        parser.add_argument("version_name", metavar="VERSION")
        parser.add_argument("inputs", nargs="+", type=Path, metavar="INPUT", help="as for build_index")
        parser.add_argument("--dataset", default=settings.DATASET)
        parser.add_argument(
            "--memory-limit", help=f"default: INDEX_MEMORY_LIMIT, {settings.INDEX_MEMORY_LIMIT}"
        )
        parser.add_argument(
            "--threads", type=_count, help=f"default: INDEX_THREADS, {settings.INDEX_THREADS}"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, and say so."""
        found = DatasetVersion.objects.filter(dataset__slug=options["dataset"], name=options["version_name"])
        version = found.select_related("current_build").first()
        if version is None or version.current_build is None:
            raise CommandError(f"There is no index of “{options['version_name']}” of {options['dataset']}.")
        try:
            with shown_progress() as on_progress:
                count_copies(
                    build=version.current_build,
                    inputs=options["inputs"],
                    memory_limit=options["memory_limit"],
                    threads=options["threads"],
                    on_progress=on_progress,
                )
        except (IndexBuildError, IndexBroken) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Copies elsewhere in {version} are counted.")

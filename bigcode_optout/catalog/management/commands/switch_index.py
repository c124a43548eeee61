"""`manage.py switch_index VERSION [BUILD]`: go back to an earlier build that is still on disk."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bigcode_optout.catalog import services
from bigcode_optout.catalog.models import DatasetVersion, IndexBuild
from bigcode_optout.core.errors import DomainError
from bigcode_optout.datasetindex import IndexBroken


class Command(BaseCommand):
    """Without BUILD the builds of the version are listed, the newest first."""

    help = "Let another build of a version answer from now on; without BUILD, list the builds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which version, which build, how thoroughly it is checked."""
        parser.add_argument("version_name", metavar="VERSION")
        parser.add_argument("build", nargs="?", metavar="BUILD", help="the name of its folder")
        parser.add_argument("--dataset", default=settings.DATASET)
        parser.add_argument(
            "--verify", action="store_true", help="read every file and compare its SHA-256 first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Switch, or list."""
        version = DatasetVersion.objects.filter(
            dataset__slug=options["dataset"], name=options["version_name"]
        ).first()
        if version is None:
            raise CommandError(f"There is no version “{options['version_name']}” of {options['dataset']}.")
        if options["build"] is None:
            for each in version.builds.all():
                self.stdout.write(_line(each, is_current=each.pk == version.current_build_id))
            return
        self._switch(version, options["build"], is_checked=options["verify"])

    def _switch(self, version: DatasetVersion, name: str, *, is_checked: bool) -> None:
        wanted = next((each for each in version.builds.all() if each.name == name), None)
        if wanted is None:
            raise CommandError(f"{version} has no build “{name}”. Without BUILD the builds are listed.")
        try:
            services.switch_index(build_id=wanted.pk, is_checked=is_checked)
        except (DomainError, IndexBroken) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Build {wanted.name} answers for {version} now.")


def _line(build: IndexBuild, *, is_current: bool) -> str:
    state = "current" if is_current else "removed" if build.removed_at else "on disk"
    return f"{build.name}\t{state}\t{build.repository_count:,} repositories\tdata of {build.manifest['data_date']}"

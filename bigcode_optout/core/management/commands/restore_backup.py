from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bigcode_optout.core.backups import restore
from bigcode_optout.core.errors import DomainError


class Command(BaseCommand):
    """`restore_backup FOLDER [--replace]`."""

    help = "Make database and exports what they were in a backup. Stop the site and the workers before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--replace", action="store_true", help="what the database holds may be replaced")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            backup = restore(folder=options["folder"], may_replace=options["replace"])
        except DomainError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Database and exports are as they were at {backup.taken_at}.")

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bigcode_optout.core.backups import back_up
from bigcode_optout.core.errors import DomainError


class Command(BaseCommand):
    """`back_up FOLDER [--key-folder DIR]`."""

    help = "Write the database and the exports into a new folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--key-folder", type=Path, metavar="DIR", help="copy the private keys there; keep them elsewhere"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            backup = back_up(folder=options["folder"], key_folder=options["key_folder"])
        except DomainError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"{options['folder']} has the database and {len(backup.files) - 1} files of exports."
        )

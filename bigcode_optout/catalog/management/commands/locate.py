"""`manage.py locate NAME…`: what every version holds under some names."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bigcode_optout.catalog import queries
from bigcode_optout.core.errors import DomainError
from bigcode_optout.datasetindex.summary import counted
from bigcode_optout.names import NameRefused, parse


class Command(BaseCommand):
    """The look-up of the front page, for a terminal."""

    help = "Say which repositories of an owner, or which repository, stand in which version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Names and the form of the answer."""
        parser.add_argument("names", nargs="+", metavar="NAME", help="login, owner/name or GitHub URL")
        parser.add_argument("--dataset", default=settings.DATASET)
        parser.add_argument("--json", action="store_true", help="one JSON array on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one answer a name and version."""
        try:
            names = [parse(text) for text in options["names"]]
        except NameRefused as error:
            raise CommandError(error.sentence) from error
        try:
            answers = [self._answer(queries.look_up(options["dataset"], name)) for name in names]
        except DomainError as error:
            raise CommandError(error.sentence) from error
        if options["json"]:
            self.stdout.write(json.dumps(answers, ensure_ascii=False))
            return
        for answer in answers:
            for version in answer["versions"]:
                counts = [counted(version["repositories"], "repository", "repositories")]
                for noun in ("file", "byte"):
                    number = version[f"{noun}s"]
                    counts.append(f"{noun}s not recorded" if number is None else counted(number, noun))
                self.stdout.write("\t".join([answer["name"], version["version"], *counts]))

    @staticmethod
    def _answer(answer: queries.Answer) -> dict[str, Any]:
        return {
            "name": answer.name.shown,
            "versions": [
                {
                    "version": version.version.name,
                    "repositories": version.repository_count,
                    "files": version.files,
                    "bytes": version.bytes,
                }
                for version in answer.versions
            ],
            "repositories": [
                {**row.latest.as_dict(), "versions": sorted(row.version_names)} for row in answer.rows
            ],
            "is_cut": answer.is_cut,
        }

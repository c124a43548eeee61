"""What the commands about a release share: the name, `--json`, and domain errors as exit codes."""

import json
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bigcode_optout.core.errors import DomainError
from bigcode_optout.exclusionlist import ExclusionListError
from bigcode_optout.releases.models import Release
from bigcode_optout.releases.queries import release_named


class ReleaseCommand(BaseCommand, ABC):
    """Runs `act` on the named release; exit code 0 only when it was done."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The release, its dataset, and the form of the answer."""
        parser.add_argument("name", help="the release, such as v3.1")
        parser.add_argument("--dataset", default=settings.DATASET)
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Act, then say what came out."""
        try:
            facts, sentence = self.act(self.release(options), options)
        except (DomainError, ExclusionListError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(facts, ensure_ascii=False) if options["json"] else sentence)

    def release(self, options: dict[str, Any]) -> Release:
        """The release of that name. Raises `Missing`."""
        return release_named(options["dataset"], options["name"])

    @abstractmethod
    def act(self, release: Release, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """Do it; return the facts for `--json` and the sentence for people."""

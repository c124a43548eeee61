"""`manage.py lifecycle_diagram`: write the diagrams of requests and releases into docs/lifecycle.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bigcode_optout.releases import diagram as of_releases
from bigcode_optout.removals import diagram as of_requests


class Command(BaseCommand):
    """The tables are the truth; the page follows them."""

    help = "Write the diagrams and the tables of both lifecycles into docs/lifecycle.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to write or to compare."""
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit code 1 when the page is stale"
        )
        parser.add_argument("--path", type=Path, default=Path(settings.ROOT) / "docs" / "lifecycle.md")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, or compare."""
        path: Path = options["path"]
        try:
            text = path.read_text(encoding="utf-8")
            wanted = of_releases.with_diagram(of_requests.with_diagram(text))
        except (OSError, ValueError) as error:
            raise CommandError(f"{path}: {error}") from error
        if text == wanted:
            return
        if options["check"]:
            raise CommandError(f"{path} does not show the lifecycle as it is. Run `make docs`.")
        path.write_text(wanted, encoding="utf-8")
        self.stdout.write(f"{path} is written.")

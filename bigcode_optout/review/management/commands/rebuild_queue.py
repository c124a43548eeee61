"""Write the lines of the queue anew from the requests' own rows, or check that they say the same."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bigcode_optout.review import lines


class Command(BaseCommand):
    """`rebuild_queue` after an update of the site; `--check` changes nothing and fails when one differs."""

    help = "Write the lines of the queue that are missing or differ from the requests' own rows."

    def add_arguments(self, parser: CommandParser) -> None:
        """The switch."""
        parser.add_argument("--check", action="store_true", help="Only count; fail when there is one.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, or write."""
        if not options["check"]:
            self.stdout.write(f"{lines.rebuild():,} lines written.")
            return
        count = sum(len(batch) for batch in lines.differing())
        if count:
            raise CommandError(f"{count:,} lines are missing or differ.")
        self.stdout.write("Every line says what is so.")

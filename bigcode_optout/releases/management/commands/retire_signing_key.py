"""`manage.py retire_signing_key KEY_ID [--last-day DAY | --revoked]`."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bigcode_optout.core import clock
from bigcode_optout.core.errors import DomainError
from bigcode_optout.releases import signing


class Command(BaseCommand):
    """The public key stays served, with its end: what it signed before can be checked for ever."""

    help = "Say that a key signs nothing more, or that nothing it ever signed counts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which key, and how it ends."""
        parser.add_argument("key_id")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--last-day", type=date.fromisoformat, help="of lists that it may sign (today)")
        how.add_argument("--revoked", action="store_true", help="it was lost or leaked: nothing of it counts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        try:
            if options["revoked"]:
                kept = signing.revoke(key_id=options["key_id"])
                self.stdout.write(f"The key {kept} was revoked on {kept.revoked_on}. Sign its lists anew.")
                return
            kept = signing.retire(key_id=options["key_id"], last_day=options["last_day"] or clock.today())
        except DomainError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(f"The key {kept} signs nothing that is frozen after {kept.valid_until}.")

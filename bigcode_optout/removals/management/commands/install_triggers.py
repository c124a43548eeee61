"""`manage.py install_triggers`: put back the triggers that keep histories as they are."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from bigcode_optout.removals import triggers


class Command(BaseCommand):
    """What each `migrate` does at its end, for a database that lost a trigger in between."""

    help = "Put back missing triggers that refuse to change or delete events and decisions."
    # The check of these very triggers would stop the command that puts them back.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was missing."""
        names = [trigger.name for trigger in triggers.install(connection)]
        self.stdout.write("\n".join(f"{name} is put back." for name in names) or "Nothing was missing.")

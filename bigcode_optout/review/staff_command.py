"""What the commands about staff share: who is meant, who does it, and refusals as one line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bigcode_optout.accounts.models import User
from bigcode_optout.core.errors import DomainError


class StaffCommand(BaseCommand):
    """`--by` is a superuser, in whose name it stands in the log."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The person meant, and who does it."""
        parser.add_argument("name", help="user name")
        parser.add_argument("--by", required=True, help="user name of the superuser who does this")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; what a rule refuses is the command's error."""
        try:
            self.stdout.write(self.carry_out(person(options["by"]), options["name"], options))
        except DomainError as error:
            raise CommandError(error.sentence) from error

    def carry_out(self, by: User, name: str, options: dict[str, Any]) -> str:
        """What the command says when it is done."""
        raise NotImplementedError


def person(name: str) -> User:
    """By user name. Raises CommandError."""
    found = User.objects.filter(username=name).first()
    if found is None:
        raise CommandError(f"There is nobody called {name}.")
    return found

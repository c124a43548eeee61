"""`manage.py block_account NAME --reason WHY --by SUPERUSER`: close the account of somebody who abuses the site."""

from argparse import ArgumentParser
from typing import Any

from bigcode_optout.accounts.models import User
from bigcode_optout.review import staffing
from bigcode_optout.review.staff_command import StaffCommand, person


class Command(StaffCommand):
    """The name is the row's (gh-1234); `--undo` opens the account again."""

    help = "Block a requester's account, or open it again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Why, or back."""
        super().add_arguments(parser)
        parser.add_argument(
            "--reason", default="", help="for the histories of the open requests; staff read it"
        )
        parser.add_argument("--undo", action="store_true")

    def carry_out(self, by: User, name: str, options: dict[str, Any]) -> str:
        """What is left to decide."""
        if options["undo"]:
            staffing.unblock(by=by, user=person(name))
            return f"{name} may sign in again."
        count = staffing.block(by=by, user=person(name), reason=options["reason"])
        return f"{name} is blocked; {count} open requests wait for a decision."

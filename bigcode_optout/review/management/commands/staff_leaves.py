"""`manage.py staff_leaves NAME --by SUPERUSER [--to COLLEAGUE]`: rights, password and sessions end at once."""

from argparse import ArgumentParser
from typing import Any

from bigcode_optout.accounts.models import User
from bigcode_optout.review import staffing
from bigcode_optout.review.staff_command import StaffCommand, person


class Command(StaffCommand):
    """Open requests go to the colleague, or back to the queue."""

    help = "Let a member of staff leave the desk and hand their open requests over."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """To whom."""
        super().add_arguments(parser)
        parser.add_argument("--to", help="user name of the reviewer who takes the open requests over")

    def carry_out(self, by: User, name: str, options: dict[str, Any]) -> str:
        """How many were handed over."""
        hand_to = person(options["to"]) if options["to"] else None
        count = staffing.leave(by=by, user=person(name), hand_to=hand_to)
        return f"{name} has left the desk; {count} open requests went to {hand_to or 'the queue'}."

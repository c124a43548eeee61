"""`manage.py invite_staff NAME --group GROUP --by SUPERUSER`: a new member of staff, or a new password for one."""

from argparse import ArgumentParser
from typing import Any

from bigcode_optout.accounts.models import User
from bigcode_optout.review import staffing
from bigcode_optout.review.groups import PERMISSIONS
from bigcode_optout.review.staff_command import StaffCommand


class Command(StaffCommand):
    """Prints a link that works once, for three days. Hand it over yourself: nothing is mailed."""

    help = "Invite somebody to the desk and print the link by which they choose a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """As what."""
        super().add_arguments(parser)
        parser.add_argument("--group", required=True, choices=list(PERMISSIONS))

    def carry_out(self, by: User, name: str, options: dict[str, Any]) -> str:
        """The link."""
        return staffing.invite(by=by, username=name, group=options["group"])

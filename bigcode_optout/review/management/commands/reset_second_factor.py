"""`manage.py reset_second_factor NAME --by SUPERUSER`: for a lost phone without recovery codes."""

from typing import Any

from bigcode_optout.accounts.models import User
from bigcode_optout.review import staffing
from bigcode_optout.review.staff_command import StaffCommand, person


class Command(StaffCommand):
    """Make sure first, by another way than mail, that it is the person who asks."""

    help = "Forget somebody's second factor and sign them out; the next sign-in sets up a new one."

    def carry_out(self, by: User, name: str, options: dict[str, Any]) -> str:
        """Whose."""
        staffing.reset_second_factor(by=by, user=person(name))
        return f"{name} sets up a new second factor at the next sign-in."

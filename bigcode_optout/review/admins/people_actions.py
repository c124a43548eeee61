"""What superusers do with people, from the list of them."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest

from bigcode_optout.accounts.models import User
from bigcode_optout.core.errors import Conflict, Forbidden, Refused
from bigcode_optout.review import staffing

Act = Callable[[User, User], str]


def _invitation(by: User, user: User) -> str:
    group = user.groups.first()
    link = staffing.invite(by=by, username=user.username, group=group.name if group else "")
    return f"For {user}, once, within three days: {link}"


def _second_factor(by: User, user: User) -> str:
    staffing.reset_second_factor(by=by, user=user)
    return f"{user} sets up a new second factor at the next sign-in."


def _leaves(by: User, user: User) -> str:
    count = staffing.leave(by=by, user=user)
    return f"{user} has left the desk. Open requests back in the queue: {count}."


def _blocked(by: User, user: User) -> str:
    count = staffing.block(by=by, user=user, reason="Blocked from the list of users.")
    return f"{user} is blocked. Open requests to decide about: {count}."


def _unblocked(by: User, user: User) -> str:
    staffing.unblock(by=by, user=user)
    return f"{user} may sign in again."


def _each(act: Act, admin_: admin.ModelAdmin, request: HttpRequest, chosen: Iterable[User]) -> None:
    assert isinstance(request.user, User)
    for user in chosen:
        try:
            messages.success(request, act(request.user, user))
        except (Conflict, Forbidden, Refused) as error:
            messages.error(request, error.sentence)


def _action(name: str, title: str, act: Act) -> Any:
    action: Any = partial(_each, act)
    action.__name__ = name
    return admin.action(description=title, permissions=["change"])(action)


ACTIONS = (
    _action("invitation_link", "Make a link to choose a password", _invitation),
    _action("reset_second_factor", "Reset the second factor", _second_factor),
    _action("leave_the_desk", "Let them leave the desk; open requests go back to the queue", _leaves),
    _action("block_account", "Block the account of a requester", _blocked),
    _action("unblock_account", "Open a blocked account again", _unblocked),
)

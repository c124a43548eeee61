"""The verbs of staff: invite, reset a second factor, leave; and closing the account of somebody who abuses the site.

Each is a superuser's, ends what it has to end at once, and writes one line into the admin's log.
"""

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from bigcode_optout.accounts import second_factor
from bigcode_optout.accounts.models import User
from bigcode_optout.accounts.sessions import end_sessions
from bigcode_optout.core.errors import Forbidden, Refused
from bigcode_optout.removals import statements
from bigcode_optout.removals.handing_over import hand_over_cases, note_on_requests_of
from bigcode_optout.review.groups import PERMISSIONS


@transaction.atomic
def invite(*, by: User, username: str, group: str) -> str:
    """Make somebody staff in a group, or more of it, and give a link to choose a password: it works once, three days.

    Again for a member of staff it is the way back for a lost password. Raises `Refused` for a group that the desk does
    not have, for a name that is no name, and for the row of a GitHub sign-in.
    """
    _require_superuser(by)
    if group not in PERMISSIONS:
        raise Refused("no_group", f"The desk has the groups {', '.join(PERMISSIONS)}.")
    name = username.strip()
    user = User.objects.filter(username=name).first()
    if user and user.identities.exists():
        raise Refused(
            "github_sign_in", f"{name} signs in with GitHub. Staff have a name of their own; choose another."
        )
    if not name or name.startswith("gh-"):
        raise Refused("no_name", "Choose a user name that does not begin with “gh-”.")
    if user is None:
        user = User(username=name)
        user.set_unusable_password()
    user.is_staff = user.is_active = True
    user.save()
    user.groups.add(Group.objects.get(name=group))
    _log(by, user, f"Invited as {group}.")
    return link_for(user)


def link_for(user: User) -> str:
    """Where somebody chooses a password; void once it was used, after three days, and after the next sign-in."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("admin:welcome", args=[key, default_token_generator.make_token(user)])
    return f"{settings.SITE_URL}{path}"


@transaction.atomic
def reset_second_factor(*, by: User, user: User) -> None:
    """For a lost phone: forget app and recovery codes and sign the person out. The next sign-in sets up new ones.

    Raises `Forbidden` for one's own where another superuser could do it: an open session is not enough for that.
    """
    _require_superuser(by)
    _require_staff(user)
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=by.pk)
    if by == user and others.exists():
        raise Forbidden("own_factor", "Another superuser has to reset your second factor.")
    second_factor.forget(user)
    end_sessions(user)
    _log(by, user, "Second factor reset.")


@transaction.atomic
def leave(*, by: User, user: User, hand_to: User | None = None) -> int:
    """Somebody leaves the desk: no rights, no password, no session; open requests go to a colleague, or to the queue.

    The row stays, since histories name it, and so do GitHub accounts that are joined to it: with them the person still
    reaches requests of their own. Gives how many requests were handed over. Raises `Refused` for a colleague who
    decides nothing, `Forbidden` for oneself.
    """
    _require_superuser(by)
    _require_staff(user)
    if by == user:
        raise Forbidden("oneself", "Another superuser has to do this.")
    if hand_to and (hand_to == user or not hand_to.has_perm("removals.decide_removalrequest")):
        raise Refused("no_reviewer", f"{hand_to} is no other reviewer.")
    count = hand_over_cases(by=by, of=user, to=hand_to)
    second_factor.forget(user)
    user.is_staff = user.is_superuser = False
    user.is_active = user.identities.exists()
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
    end_sessions(user)
    _log(by, user, f"Left the desk; {count} open requests handed to {hand_to or 'the queue'}.")
    return count


@transaction.atomic
def block(*, by: User, user: User, reason: str) -> int:
    """Close the account of somebody who abuses the site: no sign-in, no session, no draft.

    Requests stay, each with an internal line, and a reviewer decides about them. Gives how many are open. Raises
    `Refused` without a reason, and for staff, who leave instead.
    """
    _require_superuser(by)
    if not reason.strip():
        raise Refused("no_reason", "Write why the account is blocked.")
    if user.is_staff or user.is_superuser:
        raise Refused("is_staff", f"{user} is of the staff. Let them leave the desk first.")
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    statements.close_links(user)
    count = note_on_requests_of(user, "block_account", by=by, text=reason.strip())
    _log(by, user, f"Account blocked: {reason.strip()}")
    return count


@transaction.atomic
def unblock(*, by: User, user: User) -> int:
    """Open a blocked account again. Raises `Refused` for a person who became part of another one here."""
    _require_superuser(by)
    if hasattr(user, "merged_away"):
        raise Refused("merged", f"{user} became part of {user.merged_away.target} and stays closed.")
    # Who asked without an account never had one to sign in with.
    user.is_active = user.identities.exists()
    user.save(update_fields=["is_active"])
    statements.open_links(user)
    count = note_on_requests_of(user, "unblock_account", by=by, text="")
    _log(by, user, "Account opened again.")
    return count


def _require_superuser(by: User) -> None:
    if not (by.is_superuser and by.is_active):
        raise Forbidden("no_superuser", "Only a superuser does this.")


def _require_staff(user: User) -> None:
    if not user.is_staff:
        raise Refused("no_staff", f"{user} is not of the staff.")


def _log(by: User, user: User, what: str) -> None:
    LogEntry.objects.log_actions(by.pk, [user], CHANGE, change_message=what, single_object=True)

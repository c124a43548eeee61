"""The step that withdraws GitHub's authorisation of this site and parts the account from the person."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_variables

from bigcode_optout.accounts import services
from bigcode_optout.accounts.github import client
from bigcode_optout.accounts.models import User
from bigcode_optout.accounts.queries import own_identity
from bigcode_optout.accounts.sign_in_failures import SignInFailed
from bigcode_optout.githubapi import Deadline, Unavailable, Viewer

STEP = "disconnect"


@sensitive_variables("token")
def run(request: HttpRequest, viewer: Viewer, token: str, deadline: Deadline, subject: str) -> HttpResponse:
    """Disconnect the account with the number `subject`, if that is whose token it is.

    The whole grant goes, since GitHub otherwise gives the next sign-in every scope that was ever granted.
    """
    if str(viewer.account.id) != subject:
        raise SignInFailed("other_account")
    assert isinstance(request.user, User)
    identity = own_identity(request.user, viewer.account.id)
    if not client().revoke_grant(token, deadline):
        raise Unavailable("grant")
    services.disconnect(identity=identity)
    messages.success(
        request, f"{identity.login} is no longer joined to your account here, nor this site to it."
    )
    return redirect("accounts:account")

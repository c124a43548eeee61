"""Checks that need a person's token: asked for at that moment, used in GitHub's call-back, forgotten.

A step changes neither who is signed in nor which accounts are joined.
"""

from collections.abc import Callable, Mapping
from typing import Any

from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_variables

from bigcode_optout.accounts.authorisation import begin
from bigcode_optout.accounts.models import GitHubIdentity
from bigcode_optout.accounts.sign_in_failures import SignInFailed
from bigcode_optout.githubapi import Deadline, Viewer

# request, whose token it is, the token, the time left for everything, the subject given to `start`.
Step = Callable[[HttpRequest, Viewer, str, Deadline, str], HttpResponse]
_steps: dict[str, Step] = {}


def register(name: str, run: Step) -> None:
    """Let `start(name=name)` end in `run`, which must not keep the token. ValueError: the name is taken."""
    if _steps.setdefault(name, run) is not run:
        raise ValueError(f"the step {name!r} is registered already")


def start(request: HttpRequest, *, name: str, scope: str, subject: str) -> HttpResponse:
    """Send the signed-in person to GitHub for a token with `scope` (blank-separated, may be empty).

    `subject` says what the step is about; it is kept in the session on the server. Raises KeyError for an
    unknown name.
    """
    if name not in _steps:
        raise KeyError(name)
    identities = GitHubIdentity.objects.filter(user=request.user.pk)
    return begin(
        request,
        AuthProcess.REDIRECT,
        scope=scope,
        remembered={"step": name, "subject": subject, "user": request.user.pk},
        choose_account=identities.count() > 1,
    )


@sensitive_variables("token")
def run(request: HttpRequest, remembered: Mapping[str, Any], viewer: Viewer, token: str) -> HttpResponse:
    """Take the remembered step, within one budget.

    Raises SignInFailed if the token's account is not one of the signed-in person's, and whatever the step
    raises. The caller revokes the token.
    """
    owned = GitHubIdentity.objects.filter(user=request.user.pk, github_id=viewer.account.id)
    if not owned.exists():
        raise SignInFailed("other_account")
    deadline = Deadline(settings.GITHUB_PROOF_BUDGET_SECONDS)
    return _steps[remembered["step"]](request, viewer, token, deadline, remembered["subject"])

"""The way back from GitHub. The token is a local variable here, for a few seconds, and is then void."""

from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET

from bigcode_optout.accounts import services, token_steps
from bigcode_optout.accounts.authorisation import github_provider
from bigcode_optout.accounts.github import client
from bigcode_optout.accounts.sign_in_failures import SignInFailed, failure_page, github_failure_page
from bigcode_optout.accounts.token_exchange import exchange_code
from bigcode_optout.core import clock
from bigcode_optout.githubapi import Account, Deadline, GitHubError

# Beyond the budget of what came before: a token is also made void when no time is left for anything else.
REVOKE_SECONDS = 2.0


@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Sign in, join an account, or take a step that needs a token: whatever was begun under this `state`."""
    try:
        state = _begun_here(request)
        return _answer(request, state, _code(request))
    except SignInFailed as failure:
        return failure_page(request, failure.code)
    except GitHubError as error:
        return github_failure_page(request, error)


def _begun_here(request: HttpRequest) -> dict[str, Any]:
    try:
        state: dict[str, Any] = github_provider(request).unstash_redirect_state(
            request, request.GET.get("state", "")
        )
    except PermissionDenied:
        raise SignInFailed("not_started_here") from None
    # The browser may have changed hands between the way there and the way back.
    if state["process"] != AuthProcess.LOGIN and state["data"]["user"] != request.user.pk:
        raise SignInFailed("not_started_here")
    return state


def _code(request: HttpRequest) -> str:
    if "error" in request.GET:
        raise SignInFailed("cancelled" if request.GET["error"] == "access_denied" else "refused")
    if not request.GET.get("code"):
        raise SignInFailed("refused")
    return request.GET["code"]


@sensitive_variables("token", "code")
def _answer(request: HttpRequest, state: Mapping[str, Any], code: str) -> HttpResponse:
    deadline = Deadline(settings.GITHUB_SIGN_IN_BUDGET_SECONDS)
    token = exchange_code(
        code=code,
        verifier=state.get("pkce_code_verifier") or "",
        redirect_uri=request.build_absolute_uri(reverse("accounts:github_callback")),
        deadline=deadline,
    )
    try:
        viewer = client().viewer(token, deadline)
        if state["process"] == AuthProcess.REDIRECT:
            return token_steps.run(request, state["data"], viewer, token)
    finally:
        _revoke(token)
    return _complete(request, state, viewer.account)


@sensitive_variables("token")
def _revoke(token: str) -> None:
    deadline = Deadline(REVOKE_SECONDS)
    # Twice, since GitHub may just have closed the connection that was kept open for the first try.
    if not client().revoke_token(token, deadline):
        client().revoke_token(token, deadline)


def _complete(request: HttpRequest, state: Mapping[str, Any], account: Account) -> HttpResponse:
    """Hand over to allauth; nobody stays signed in if what belongs to it could not be stored."""
    before = request.user.pk
    try:
        try:
            return _store(request, state, account)
        except IntegrityError:
            # Two browsers brought the same new account at the same moment; the second one now finds it.
            return _store(request, state, account)
    except Exception:
        if request.user.pk != before:
            logout(request)
        raise


def _store(request: HttpRequest, state: Mapping[str, Any], account: Account) -> HttpResponse:
    login = github_provider(request).sociallogin_from_response(request, account)
    login.state = dict(state)
    with transaction.atomic():
        response: HttpResponse = complete_social_login(request, login)
        user = request.user
        if user.is_authenticated and login.account.pk and login.account.user_id == user.pk:
            services.record_sign_in(user=user, account=account, at=clock.now())
            if state["process"] == AuthProcess.CONNECT:
                messages.success(request, f"{account.login} is joined to your account here.")
    return response

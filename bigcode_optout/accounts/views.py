"""Pages about signing in, and about the GitHub accounts that belong to a person."""

from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bigcode_optout.accounts import disconnecting, token_steps
from bigcode_optout.accounts.addresses import asked_next
from bigcode_optout.accounts.authorisation import begin
from bigcode_optout.accounts.models import User
from bigcode_optout.accounts.policies import require_further_account
from bigcode_optout.accounts.queries import identities_of, main_identity, own_identity
from bigcode_optout.core.rate_limits import limited


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("sign-in", methods=("POST",))
def sign_in(request: HttpRequest) -> HttpResponse:
    """Say what signing in means (GET), go to GitHub (POST). Whoever is signed in already is sent on."""
    next_url = asked_next(request)
    if request.user.is_authenticated:
        return redirect(next_url or resolve_url(settings.LOGIN_REDIRECT_URL))
    if request.method == "POST":
        return begin(request, AuthProcess.LOGIN, next_url=next_url)
    return render(request, "accounts/sign_in.html", {"next": next_url})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    logout(request)
    return redirect(resolve_url(settings.LOGOUT_REDIRECT_URL or "/"))


@never_cache
@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """The GitHub accounts that are joined to this person."""
    user = _person(request)
    context = {"identities": identities_of(user), "main": main_identity(user)}
    return render(request, "accounts/account.html", context)


@login_required
@require_POST
@limited("sign-in")
def join(request: HttpRequest) -> HttpResponse:
    """Go to GitHub to choose a further account."""
    return begin(request, AuthProcess.CONNECT, remembered={"user": _person(request).pk}, choose_account=True)


@login_required
@require_POST
@limited("sign-in")
def disconnect(request: HttpRequest, github_id: int) -> HttpResponse:
    """Go to GitHub to withdraw its authorisation and part the account from this person."""
    identity = own_identity(_person(request), github_id)
    require_further_account(identity)
    return token_steps.start(request, name=disconnecting.STEP, scope="", subject=str(identity.github_id))


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user

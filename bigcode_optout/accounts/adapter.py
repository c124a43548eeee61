"""What django-allauth asks of a site: no forms, no e-mail, no profile; people are named by number."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from bigcode_optout.accounts import merge_offers
from bigcode_optout.accounts.addresses import is_local
from bigcode_optout.accounts.merging import require_mergeable
from bigcode_optout.accounts.models import User
from bigcode_optout.accounts.services import free_username
from bigcode_optout.accounts.sign_in_failures import failure_page
from bigcode_optout.core.errors import Conflict


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by form; passwords are for staff, at the admin's own log-in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: the first sign-in with GitHub is how one comes to have an account."""
        return False

    def get_login_stages(self) -> list[str]:
        """GitHub opens a person's own pages and never the desk, so no second factor is asked there."""
        return [stage for stage in super().get_login_stages() if not stage.startswith("allauth.mfa.")]

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of this site; allauth would also take other hosts of ALLOWED_HOSTS."""
        return is_local(url or "")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The desk's own views say what happened, in the desk's own words."""

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """A page of ours; allauth's would be at an address that is not served."""
        return failure_page(request, "inactive")


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Signing in with GitHub always succeeds without a form, and keeps as little as possible."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Everybody with a GitHub account may come in."""
        return True

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never a sign-up form: while one is shown, allauth keeps the whole log-in in the session."""
        return True

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """No name and no e-mail, whatever the profile says."""
        user: User = sociallogin.user
        return user

    def save_user(self, request: HttpRequest, sociallogin: Any, form: object = None) -> User:
        """A new person, named by number, without a password."""
        user: User = sociallogin.user
        user.username = free_username(int(sociallogin.account.uid))
        user.set_unusable_password()
        sociallogin.save(request)
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Ask before anything moves when the account to be joined has its own person here.

        allauth would refuse it, but send the browser on as if it had been joined.
        """
        sociallogin.token = None
        if sociallogin.state.get("process") != AuthProcess.CONNECT or not sociallogin.is_existing:
            return
        if sociallogin.user == request.user:
            return
        assert isinstance(request.user, User)
        try:
            require_mergeable(sociallogin.user, request.user)
        except Conflict as conflict:
            login = sociallogin.account.extra_data["login"]
            messages.error(
                request,
                f"{login} already has its own account here, so it was not joined to yours. {conflict.sentence} "
                f"To see what was asked with it, sign out and sign in as {login}.",
            )
            raise ImmediateHttpResponse(redirect("accounts:account")) from conflict
        merge_offers.keep(request, source=sociallogin.user, github_id=int(sociallogin.account.uid))
        raise ImmediateHttpResponse(redirect("accounts:merge"))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        """Back to the page that lists the joined accounts."""
        return reverse("accounts:account")

    def get_requests_session(self) -> Any:
        """A session that follows no redirect: a 307 would carry the client secret to another host.

        The desk's own calls go through `githubapi`; this is what any other part of allauth gets.
        """
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

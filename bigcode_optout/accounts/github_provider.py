"""allauth's GitHub provider, cut down to a number, a login and a date; addresses come from the settings."""

from typing import Any

from allauth.socialaccount.providers.github.provider import GitHubProvider
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from django.http import HttpRequest
from django.urls import reverse

from bigcode_optout.accounts.github import client
from bigcode_optout.githubapi import Account


class GitHubAdapter(GitHubOAuth2Adapter):
    """Where the browser is sent. What comes back is read by `sign_in.callback`, not by allauth."""

    @property
    def authorize_url(self) -> str:
        """GitHub's page that asks the person; allauth fixes it when the module is first imported."""
        return client().authorize_url

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """The absolute address that GitHub sends the browser back to."""
        return request.build_absolute_uri(reverse("accounts:github_callback"))


class GitHubByNumber(GitHubProvider):
    """A provider whose answers are `Account` values that `githubapi` has checked."""

    oauth2_adapter_class = GitHubAdapter

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        """The desk's own page, whatever allauth would add to the address."""
        return reverse("accounts:sign_in")

    def get_callback_url(self) -> str:
        """As a path."""
        return reverse("accounts:github_callback")

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Never what stands in the address: anybody can write a link."""
        return []

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Likewise."""
        return {}

    def extract_uid(self, data: Account) -> str:
        """The number, as text: allauth's key of an account."""
        return str(data.id)

    def extract_extra_data(self, data: Account) -> dict[str, Any]:
        """All that is kept of a profile."""
        return {"id": data.id, "login": data.login, "created_at": data.created_at.isoformat()}

    def extract_common_fields(self, data: Account) -> dict[str, str]:
        """No name, no e-mail address."""
        return {}

    def extract_email_addresses(self, data: Account) -> list[object]:
        """None."""
        return []

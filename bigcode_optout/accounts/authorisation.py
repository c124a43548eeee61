"""Send a browser to GitHub. The way is fixed here or by the caller, never by the address of a page."""

from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from django.http import HttpRequest, HttpResponse


def github_provider(request: HttpRequest) -> Any:
    """allauth's provider for this request."""
    return get_adapter(request).get_provider(request, "github")


def begin(
    request: HttpRequest,
    process: str,
    *,
    next_url: str = "",
    scope: str = "",
    remembered: Mapping[str, Any] | None = None,
    choose_account: bool = False,
) -> HttpResponse:
    """A redirect to GitHub's authorisation page, with PKCE and a `state` that works once within ten minutes.

    `process` is one of allauth's `AuthProcess`; `scope` is blank-separated, empty for public identity;
    `remembered` is kept in the session on the server and comes back with the person. `choose_account` lets
    somebody with several GitHub accounts choose one; otherwise GitHub takes the one signed in there.
    """
    response: HttpResponse = github_provider(request).redirect(
        request,
        process,
        next_url=next_url,
        data=dict(remembered or {}),
        scope=scope.split(),
        auth_params={"prompt": "select_account"} if choose_account else {},
    )
    return response

"""Who asks: a bearer token, counted by itself, or anybody, counted by address."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from bigcode_optout.core.errors import DomainError, Forbidden
from bigcode_optout.core.rate_limits import spend
from bigcode_optout.releases.access import token_for
from bigcode_optout.releases.models import AccessToken

Scope = AccessToken.Scope


class Unauthorised(DomainError):  # noqa: N818 - named as those of core.errors
    """No token, or none that counts (401)."""

    status = 401


class Token(HttpBearer):
    """Lets in who shows a usable token. Its scope is asked for by the view, which knows what for."""

    openapi_description = (
        "A token that a release manager made. Each is for a purpose: `list`, `keyed`, `verify`."
    )

    def __call__(self, request: HttpRequest) -> AccessToken:
        """The token. Raises `Unauthorised` and `TooMany`."""
        if "Authorization" in request.headers:
            return super().__call__(request) or self.authenticate(request, "")
        spend("api", request)
        raise Unauthorised("token_needed", "This needs a token: Authorization: Bearer <token>.")

    def authenticate(self, request: HttpRequest, token: str) -> AccessToken:
        """The row of the token. Tries with a wrong one count by address, so that nobody guesses for long."""
        found = token_for(token)
        if found is None:
            spend("api", request)
            raise Unauthorised("token_refused", "The token is not known here, has expired or was revoked.")
        spend("api-token", request, whom=f"token:{found.prefix}")
        return found


_TOKEN = Token()


def count(request: HttpRequest) -> None:
    """Count a call that needs no token; with one it counts for the token. Raises as `Token` does."""
    if "Authorization" in request.headers:
        _TOKEN(request)
    else:
        spend("api", request)


def require(request: HttpRequest, scope: Scope) -> AccessToken:
    """The token that `Token` let in. Raises `Forbidden` when it is for something else."""
    token: AccessToken = request.auth  # type: ignore[attr-defined]  # set by the library
    if scope not in token.scopes:
        raise Forbidden("other_scope", f"This token is not for this: it needs the scope “{scope}”.")
    return token

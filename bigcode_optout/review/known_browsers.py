"""Browsers from which somebody of the staff has signed in before: their tries with a password are counted apart.

So nobody who knows a name shuts its owner out by wrong passwords from everywhere. The cookie opens nothing.
"""

from secrets import token_hex

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from bigcode_optout.core.rate_limits import network, spend

_COOKIE = _SALT = "desk_browser"
_SECONDS = 180 * 24 * 3600


def spend_try(request: HttpRequest, username: str) -> None:
    """Count a try with this name's password: by the browser where the name has signed in with it before, else by name
    and network, and by the name wherever it comes from. Raises `TooMany`."""
    name = username[:150].lower()
    key = _known(request, name)
    if key:
        spend("staff-log-in-name", request, whom=f"browser:{key}")
        return
    spend("staff-log-in-name", request, whom=f"{name} from {network(request)}")
    spend("staff-log-in-everywhere", request, whom=name)


def remember(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Password and second factor were right in this browser."""
    name = username.lower()
    value = signing.dumps([name, _known(request, name) or token_hex(16)], salt=_SALT)
    response.set_cookie(
        _COOKIE,
        value,
        max_age=_SECONDS,
        path=reverse("admin:index"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest, name: str) -> str:
    """The random key of this browser if it is known for the name, else nothing."""
    try:
        known, key = signing.loads(request.COOKIES.get(_COOKIE, ""), salt=_SALT, max_age=_SECONDS)
    except (signing.BadSignature, ValueError):
        return ""
    return str(key) if known == name else ""

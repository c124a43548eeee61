"""Between the password and the desk: give a code, or set up what makes codes."""

from datetime import timedelta
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import get_totp_secret
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html

from bigcode_optout.accounts import second_factor
from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.core.rate_limits import spend
from bigcode_optout.review import known_browsers

FEW_CODES = 3


def ask(request: HttpRequest, *, context: dict[str, Any], next_url: str) -> HttpResponse:
    """A code of the app, or a recovery code; to who has none, the way to set it up. Raises `TooMany`."""
    user = _user(request)
    if not second_factor.has_app(user):
        return redirect("admin:second_factor_set_up")
    if request.method == "POST":
        spend("staff-second-factor", request, whom=f"user:{user.pk}")
    form = second_factor.CodeForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        begin_working_day(request)
        _say_when_few_are_left(request, user)
        return _in_known_browser(request, user, next_url)
    shown = context | {"title": "Your second factor", "form": form, "next": next_url}
    return render(request, "review/second_factor.html", shown)


def set_up(request: HttpRequest, *, context: dict[str, Any]) -> HttpResponse:
    """Show the secret, as a picture and as text, until a code of it comes back. Whoever has one is asked for it."""
    user = _user(request)
    if second_factor.has_app(user):
        return redirect("admin:second_factor")
    if request.method == "POST":
        spend("staff-second-factor", request, whom=f"user:{user.pk}")
    form = ActivateTOTPForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        second_factor.set_up(request, form.secret)
        begin_working_day(request)
        _log(user, "Second factor set up.")
        return _in_known_browser(request, user, "admin:recovery_codes")
    shown = context | {"title": "Set up your second factor", "form": form, "secret": _spaced(form.secret)}
    return render(request, "review/second_factor_set_up.html", shown)


def picture(request: HttpRequest) -> HttpResponse:
    """The secret of `set_up` as a QR code: a file of our own, since the site's policy lets no data: address through."""
    if second_factor.has_app(_user(request)):
        return redirect("admin:second_factor")
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(request.user, get_totp_secret()))
    return HttpResponse(svg, content_type="image/svg+xml")


def recovery_codes(request: HttpRequest, *, context: dict[str, Any]) -> HttpResponse:
    """Shown once. A POST makes ten new ones; the caller has asked for the password."""
    user = _user(request)
    if request.method == "POST":
        codes: Any = second_factor.new_recovery_codes(user)
        _log(user, "New recovery codes made.")
    else:
        codes = second_factor.recovery_codes(user)
    unused = codes.get_unused_codes() if codes else []
    is_shown = bool(codes) and not codes.did_view
    if is_shown:
        codes.mark_as_viewed()
    shown = context | {
        "title": "Recovery codes",
        "codes": unused if is_shown else [],
        "left_count": len(unused),
    }
    return render(request, "review/recovery_codes.html", shown)


def begin_working_day(request: HttpRequest) -> None:
    """A new key for the session, which from now on opens more, and its end after a working day."""
    request.session.cycle_key()
    end_after_working_day(request)


def _in_known_browser(request: HttpRequest, user: User, to: str) -> HttpResponse:
    response = redirect(to)
    known_browsers.remember(request, response, user.username)
    return response


def end_after_working_day(request: HttpRequest) -> None:
    """At one moment, whatever is done until then: a number of seconds would begin anew with each change."""
    request.session.set_expiry(clock.now() + timedelta(seconds=settings.STAFF_SESSION_SECONDS))


def _say_when_few_are_left(request: HttpRequest, user: User) -> None:
    codes: Any = second_factor.recovery_codes(user)
    left = len(codes.get_unused_codes()) if codes else 0
    if left <= FEW_CODES:
        words = f"{left or 'no'} recovery code{'' if left == 1 else 's'} left"
        place = reverse("admin:recovery_codes")
        messages.warning(request, format_html('You have {}. <a href="{}">Make new ones</a>.', words, place))


def _log(user: User, what: str) -> None:
    LogEntry.objects.log_actions(user.pk, [user], CHANGE, change_message=what, single_object=True)


def _spaced(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user

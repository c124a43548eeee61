"""Ask for the password again before a step that cannot be undone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    reauthenticate_by_password,
)
from django import forms
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from bigcode_optout.accounts.models import User
from bigcode_optout.core.rate_limits import spend

View = Callable[..., HttpResponse]
# Steps of a release that ask for it (admins/releases.py).
FRESH_PASSWORD_STEPS = frozenset({"freeze", "publish"})


def needs_fresh_password(view: View) -> View:
    """Lead to the password's page unless it was given there within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds.

    Afterwards the page is opened anew, by GET: a form that was sent before has to be sent again.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if did_recently_reauthenticate(request):
            return view(request, *args, **kwargs)
        query = urlencode({REDIRECT_FIELD_NAME: request.path})
        return redirect(f"{reverse('admin:password_again')}?{query}")

    return guarded


def for_step(name: str, view: View) -> View:
    """The view of a step, guarded where the step asks for it."""
    return needs_fresh_password(view) if name in FRESH_PASSWORD_STEPS else view


class PasswordForm(forms.Form):
    """The password of who is signed in."""

    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_password(self) -> str:
        """Raises `ValidationError`."""
        password: str = self.cleaned_data["password"]
        if not self._user.check_password(password):
            raise forms.ValidationError("That is not your password.", code="wrong")
        return password


def password_again(request: HttpRequest, *, context: dict[str, Any], next_url: str) -> HttpResponse:
    """The password's page. `context` is the site's, `next_url` a path of this site. Raises `TooMany`."""
    assert isinstance(request.user, User)
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST":
        # A counter of its own: nobody but who is signed in can spend it.
        spend("staff-password-again", request, whom=f"user:{request.user.pk}")
        if form.is_valid():
            reauthenticate_by_password(request)
            return redirect(next_url)
    is_final = next_url.rstrip("/").rpartition("/")[2] in FRESH_PASSWORD_STEPS
    shown = context | {
        "title": "Your password, once more",
        "form": form,
        "next": next_url,
        "is_final": is_final,
    }
    return render(request, "review/password_again.html", shown)

"""Make and revoke tokens for scripts. A new token is on the page that answers the form, and nowhere else."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Refused
from bigcode_optout.releases import access
from bigcode_optout.releases.models import AccessToken

_USUAL = timedelta(days=90)


class TokenForm(forms.Form):
    """Who gets the token, for what, and until when. What the service refuses stands at the form."""

    holder = forms.CharField(max_length=100, help_text="The person or team that gets it.")
    scopes = forms.MultipleChoiceField(
        label="What it is for", choices=AccessToken.Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    last_day = forms.DateField(widget=AdminDateWidget, help_text="At most a year from now.")
    has_accepted_terms = forms.BooleanField(
        label="The holder accepted the terms for holders of copies",
        required=False,
        help_text="Needed for keyed lists.",
    )

    def clean(self) -> dict[str, Any]:
        """Ask the service's rules before it is called."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                access.require_issuable(**self.wanted(cleaned))
            except Refused as refused:
                raise ValidationError(refused.sentence, code=refused.code) from refused
        return cleaned

    def wanted(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What the service takes. The last day is a whole one, in UTC."""
        end = datetime.combine(cleaned["last_day"] + timedelta(days=1), time(), tzinfo=UTC)
        return {
            "holder": cleaned["holder"],
            "scopes": cleaned["scopes"],
            "expires_at": end,
            "has_accepted_terms": cleaned["has_accepted_terms"],
        }


def make(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The form, and after it the token, once."""
    user = _require(request, "releases.issue_accesstoken")
    last_day = clock.today() + _USUAL
    form = TokenForm(request.POST or None, initial={"last_day": last_day})
    if request.method == "POST" and form.is_valid():
        issued = access.issue(**form.wanted(form.cleaned_data), by=user)
        admin.log_addition(request, issued.token, f"Made a token: {issued.token}.")
        return render(
            request,
            "review/token_made.html",
            _context(admin, request, "The token, once") | {"token": issued.token, "text": issued.text},
        )
    context = _context(admin, request, "Make a token for a script") | {"form": form}
    return render(request, "review/token_make.html", context)


def revoke(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """End it now."""
    user = _require(request, "releases.revoke_accesstoken")
    token = access.revoke(token_id=pk, by=user)
    admin.log_change(request, token, f"Revoked a token: {token}.")
    messages.success(request, f"The token {token} is revoked. Scripts that use it are refused from now on.")
    return redirect("admin:releases_accesstoken_change", pk)


def _context(admin: ModelAdmin, request: HttpRequest, title: str) -> dict[str, Any]:
    return admin.admin_site.each_context(request) | {
        "opts": admin.opts,
        "title": title,
        "is_nav_sidebar_enabled": False,
    }


def _require(request: HttpRequest, permission: str) -> User:
    """Raises `PermissionDenied`; the services ask again."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(permission):
        raise PermissionDenied
    return user

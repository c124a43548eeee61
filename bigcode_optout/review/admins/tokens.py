"""Tokens for scripts: made here, shown once, revoked here."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from bigcode_optout.releases.models import AccessToken
from bigcode_optout.review import token_pages
from bigcode_optout.review.admins.read_only import ReadOnlyAdmin
from bigcode_optout.review.reauthentication import needs_fresh_password


@admin.register(AccessToken)
class AccessTokenAdmin(ReadOnlyAdmin):
    """Nothing of a token is edited: it is made, it is used, it ends."""

    change_form_template = "review/token.html"
    list_display = ("prefix", "holder", "purposes", "is_usable", "expires_at", "last_used_at")
    list_filter = ("reads_list", "reads_keyed", "sends_verifications")
    search_fields = ("holder", "prefix")
    search_help_text = "Holder, or the token’s beginning"
    fields = (
        "prefix",
        "holder",
        "purposes",
        "is_usable",
        "terms_accepted_at",
        "created_at",
        "created_by",
        "expires_at",
        "last_used_at",
        "revoked_at",
        "revoked_by",
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """For release managers."""
        return request.user.has_perm("releases.issue_accesstoken")

    @admin.display(description="for")
    def purposes(self, token: AccessToken) -> str:
        """The scopes by name."""
        return ", ".join(token.scopes)

    @admin.display(description="usable", boolean=True)
    def is_usable(self, token: AccessToken) -> bool:
        """Neither revoked nor expired."""
        return token.is_usable

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A token is made, not added."""
        return needs_fresh_password(partial(token_pages.make, self))(request)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What is known of it, and the button that ends it."""
        token = self.get_object(request, object_id)
        may_revoke = bool(token and token.is_usable and request.user.has_perm("releases.revoke_accesstoken"))
        extra = {"may_revoke": may_revoke, "title": str(token or ""), "subtitle": None}
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        """The button beside Django's own addresses."""
        revoke = self.admin_site.admin_view(require_POST(partial(token_pages.revoke, self)))
        return [path("<int:pk>/revoke/", revoke, name="releases_accesstoken_revoke"), *super().get_urls()]

"""The desk's admin site: Django's, for people who came by password, without tables that nobody here should touch."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from bigcode_optout.accounts.policies import came_by_password
from bigcode_optout.core.errors import TooMany
from bigcode_optout.core.rate_limits import spend
from bigcode_optout.releases.queries import unexpected_count
from bigcode_optout.review.figures import queue_figures

# What allauth keeps about sign-ins: nothing for staff to read or to edit.
_NOT_SHOWN = frozenset({"account", "socialaccount"})


class DeskAdminSite(admin.AdminSite):
    """Signing in with GitHub opens a person's own pages, never this site, whatever rights that person has."""

    site_header = "Opt-out desk"
    site_title = "Opt-out desk"
    index_title = "The desk"
    index_template = "review/index.html"
    enable_nav_sidebar = True

    def register(
        self, model_or_iterable: Any, admin_class: type[ModelAdmin] | None = None, **options: Any
    ) -> None:
        """Register the models, except those of rooms that are not shown."""
        models = (
            model_or_iterable if isinstance(model_or_iterable, list | tuple | set) else [model_or_iterable]
        )
        shown = [model for model in models if model._meta.app_label not in _NOT_SHOWN]
        super().register(shown, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Active staff who came by password."""
        return super().has_permission(request) and came_by_password(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Django's form; each try with a password is counted, and the session ends after a working day."""
        if request.method != "POST":
            return super().login(request, extra_context)
        try:
            spend("staff-log-in", request)
            spend("staff-log-in-name", request, whom=request.POST.get("username", "")[:150].lower())
        except TooMany as error:
            return _too_many(error)
        response = super().login(request, extra_context)
        if self.has_permission(request):
            request.session.set_expiry(settings.STAFF_SESSION_SECONDS)
        return response

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The list of what can be looked at; above it, for those who may see them, the figures of the queue and how
        many repositories are back although they are excluded."""
        figures = queue_figures() if request.user.has_perm("removals.view_removalrequest") else None
        sees_reappeared = request.user.has_perm("releases.view_reappearance")
        reappeared_count = unexpected_count(settings.DATASET) if sees_reappeared else None
        extra = {"figures": figures, "reappeared_count": reappeared_count, **(extra_context or {})}
        return super().index(request, extra)


def _too_many(error: TooMany) -> HttpResponse:
    response = HttpResponse(error.sentence, status=error.status, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = str(error.retry_after)
    return response

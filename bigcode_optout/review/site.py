"""The desk's admin site: Django's, for people who came by password and second factor, without tables that nobody here
should touch."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse, reverse_lazy
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from bigcode_optout.accounts import second_factor
from bigcode_optout.accounts.addresses import is_local
from bigcode_optout.accounts.policies import came_by_password
from bigcode_optout.core.errors import TooMany
from bigcode_optout.core.rate_limits import spend
from bigcode_optout.releases.queries import unexpected_count
from bigcode_optout.review import known_browsers, policy_views, reauthentication, second_factor_views
from bigcode_optout.review.figures import queue_figures

# What allauth keeps about sign-ins: nothing for staff to read or to edit.
_NOT_SHOWN = frozenset({"account", "mfa", "socialaccount"})
View = Callable[..., HttpResponse]


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
        """Active staff who came by password, and gave their second factor in this very session."""
        return (
            super().has_permission(request) and came_by_password(request) and second_factor.was_used(request)
        )

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Django's form; each try with a password is counted, and the session ends after a working day.

        From there, and for whoever stopped there before, it goes on to the second factor.
        """
        if request.method != "POST":
            if second_factor.is_halfway(request):
                return _to_second_factor(self._next(request))
            return super().login(request, extra_context)
        try:
            spend("staff-log-in", request)
            known_browsers.spend_try(request, request.POST.get("username", ""))
        except TooMany as error:
            return _too_many(error)
        response = super().login(request, extra_context)
        if response.status_code == 302 and second_factor.is_halfway(request):
            second_factor_views.end_after_working_day(request)
            return _to_second_factor(self._next(request))
        return response

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The pages between the password and the desk, beside Django's own addresses."""
        return [
            path("second-factor/", self._halfway(self._second_factor), name="second_factor"),
            path("second-factor/set-up/", self._halfway(self._set_up), name="second_factor_set_up"),
            path(
                "second-factor/picture.svg",
                self._halfway(second_factor_views.picture),
                name="second_factor_picture",
            ),
            path("second-factor/recovery-codes/", self.admin_view(self._codes), name="recovery_codes"),
            path("password-again/", self.admin_view(self._password_again), name="password_again"),
            path("policy/", self.admin_view(self._policy), name="policy"),
            path("welcome/<uidb64>/<token>/", never_cache(self._welcome), name="welcome"),
            *super().get_urls(),
        ]

    def _halfway(self, view: View) -> View:
        """For those who gave their password and nothing else; others are led to where they belong."""

        @never_cache
        def guarded(request: HttpRequest) -> HttpResponse:
            if self.has_permission(request):
                return redirect("admin:index")
            if not second_factor.is_halfway(request):
                return redirect("admin:login")
            try:
                return view(request)
            except TooMany as error:
                return _too_many(error)

        return guarded

    def _second_factor(self, request: HttpRequest) -> HttpResponse:
        context = self.each_context(request)
        return second_factor_views.ask(request, context=context, next_url=self._next(request))

    def _set_up(self, request: HttpRequest) -> HttpResponse:
        return second_factor_views.set_up(request, context=self.each_context(request))

    def _codes(self, request: HttpRequest) -> HttpResponse:
        def view(request: HttpRequest) -> HttpResponse:
            return second_factor_views.recovery_codes(request, context=self.each_context(request))

        # To read what is left needs no password; to make new ones does.
        return (reauthentication.needs_fresh_password(view) if request.method == "POST" else view)(request)

    def _password_again(self, request: HttpRequest) -> HttpResponse:
        context = self.each_context(request)
        return reauthentication.password_again(request, context=context, next_url=self._next(request))

    def _policy(self, request: HttpRequest) -> HttpResponse:
        return policy_views.page(request, context=self.each_context(request))

    def _welcome(self, request: HttpRequest, uidb64: str, token: str) -> HttpResponseBase:
        """Where an invitation's link leads: choose a password, once."""
        view = PasswordResetConfirmView.as_view(
            template_name="review/welcome.html",
            success_url=reverse_lazy("admin:index"),
            extra_context=self.each_context(request),
        )
        return view(request, uidb64=uidb64, token=token)

    def _next(self, request: HttpRequest) -> str:
        """Where the browser wanted to go, if that is a page of this site; the first page else."""
        wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
        is_page = is_local(wanted) and wanted != reverse("admin:login")
        return wanted if is_page else reverse("admin:index")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The list of what can be looked at; above it, for those who may see them, the figures of the queue and how
        many repositories are back although they are excluded."""
        figures = queue_figures() if request.user.has_perm("removals.view_removalrequest") else None
        sees_reappeared = request.user.has_perm("releases.view_reappearance")
        reappeared_count = unexpected_count(settings.DATASET) if sees_reappeared else None
        extra = {"figures": figures, "reappeared_count": reappeared_count, **(extra_context or {})}
        return super().index(request, extra)


def _to_second_factor(next_url: str) -> HttpResponse:
    return redirect(f"{reverse('admin:second_factor')}?{urlencode({REDIRECT_FIELD_NAME: next_url})}")


def _too_many(error: TooMany) -> HttpResponse:
    response = HttpResponse(error.sentence, status=error.status, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = str(error.retry_after)
    return response

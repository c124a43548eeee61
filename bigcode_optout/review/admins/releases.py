"""Releases: planned here, frozen, exported and handed over by buttons."""

from functools import partial
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from bigcode_optout.accounts.models import User
from bigcode_optout.catalog.models import Dataset
from bigcode_optout.core.errors import Conflict, Refused
from bigcode_optout.releases import services
from bigcode_optout.releases.lifecycle import TABLE, State, possible_verbs
from bigcode_optout.releases.models import Release
from bigcode_optout.releases.readiness import old_roles_of
from bigcode_optout.review import preparation_views, proving_views, release_views
from bigcode_optout.review.preparation_page import shown_of
from bigcode_optout.review.proof_page import history_of, proof_of
from bigcode_optout.review.reauthentication import for_step
from bigcode_optout.review.release_page import exports_of, frozen_rules, is_open, standing_of
from bigcode_optout.review.release_views import CONFIRMED


class PlanForm(forms.ModelForm):
    """A new release. What the service refuses stands at the form, not on an error page."""

    class Meta:
        model = Release
        fields = ("dataset", "name", "freeze_planned_at", "shared_content")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name both halves of the planned freeze: Django labels neither of them."""
        super().__init__(*args, **kwargs)
        widget = self.fields["freeze_planned_at"].widget if "freeze_planned_at" in self.fields else None
        for half, label in zip(getattr(widget, "widgets", ()), ("day", "time"), strict=False):
            half.attrs["aria-label"] = f"Freeze planned at: {label}"

    def clean(self) -> dict[str, Any]:
        """Ask the service's rules before it is called."""
        cleaned = super().clean() or {}
        if self.instance.pk is None and cleaned.get("dataset") and cleaned.get("name"):
            try:
                services.require_plannable(dataset=cleaned["dataset"], name=cleaned["name"])
            except (Conflict, Refused) as error:
                raise ValidationError(error.sentence) from error
        return cleaned


@admin.register(Release)
class ReleaseAdmin(admin.ModelAdmin):
    """While a release is open its planned freeze and its choice can be changed; afterwards nothing changes."""

    form = PlanForm
    change_form_template = "review/release.html"
    list_display = (
        "name",
        "dataset",
        "state",
        "freeze_planned_at",
        "frozen_at",
        "rule_count",
        "handed_over_at",
        "replaces",
    )
    list_select_related = ("dataset", "replaces")
    list_filter = ("state",)
    actions = None
    view_on_site = False

    def get_fields(self, request: HttpRequest, obj: Release | None = None) -> tuple[str, ...]:
        """A release keeps its name and dataset from the day it is planned."""
        plan = ("freeze_planned_at", "shared_content")
        return plan if obj else ("dataset", "name", *plan)

    def has_change_permission(self, request: HttpRequest, obj: Release | None = None) -> bool:
        """A frozen release is not changed by anybody."""
        return super().has_change_permission(request, obj) and (obj is None or is_open(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Release | None = None) -> bool:
        """Never."""
        return False

    def save_model(self, request: HttpRequest, obj: Release, form: Any, change: bool) -> None:
        """Through the service; of an open release only the date and the choice."""
        if change:
            services.replan(
                release_id=obj.pk,
                freeze_planned_at=obj.freeze_planned_at,
                shared_content=obj.shared_content,
                by=cast(User, request.user),
            )
            return
        planned = services.plan(
            dataset=obj.dataset,
            name=obj.name,
            freeze_planned_at=obj.freeze_planned_at,
            shared_content=obj.shared_content,
            by=cast(User, request.user),
        )
        obj.pk, obj.state, obj.created_at = planned.pk, planned.state, planned.created_at

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The plan, the figures, and the buttons that are possible now."""
        release = self.get_object(request, object_id)
        extra = _figures(release) | _buttons(request, release) | _words(release) if release else {}
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A plan is made, not added."""
        return super().add_view(request, form_url, {"title": "Plan a release", **(extra_context or {})})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The dataset that this desk is for."""
        return {"dataset": Dataset.objects.filter(slug=settings.DATASET).first()}

    def get_urls(self) -> list[URLPattern]:
        """The steps beside Django's own addresses."""
        site = self.admin_site.admin_view
        steps = [
            path(
                f"<int:pk>/{name.replace('_', '-')}/",
                site(for_step(name, partial(release_views.confirmed, self, name=name))),
                name=f"releases_release_{name}",
            )
            for name in CONFIRMED
        ]
        return [
            *steps,
            path(
                "<int:pk>/publish/",
                site(for_step("publish", partial(proving_views.publish, self))),
                name="releases_release_publish",
            ),
            path(
                "<int:pk>/record/",
                site(require_POST(partial(proving_views.record, self))),
                name="releases_release_record",
            ),
            path(
                "<int:pk>/patch/",
                site(require_POST(partial(proving_views.plan_patch, self))),
                name="releases_release_patch",
            ),
            path(
                "<int:pk>/checklist/",
                site(partial(proving_views.checklist, self)),
                name="releases_release_checklist",
            ),
            path(
                "<int:pk>/prepare/",
                site(require_POST(partial(preparation_views.prepare, self))),
                name="releases_release_prepare",
            ),
            path(
                "<int:pk>/preparation/",
                site(partial(preparation_views.progress, self)),
                name="releases_release_preparation",
            ),
            path(
                "<int:pk>/export/<slug:format>/",
                site(require_POST(partial(release_views.export, self))),
                name="releases_release_export",
            ),
            path(
                "<int:pk>/download/<slug:format>/",
                site(partial(release_views.download, self)),
                name="releases_release_download",
            ),
            *super().get_urls(),
        ]


def _words(release: Release) -> dict[str, Any]:
    return {
        "title": f"{release.dataset}, list for {release}",
        "subtitle": None,
        "is_nav_sidebar_enabled": False,
    }


def _figures(release: Release) -> dict[str, Any]:
    shown = shown_of(release)
    if is_open(release):
        return {
            "standing": standing_of(release),
            "shown": shown,
            "old_roles": old_roles_of(release),
            "history": history_of(release),
        }
    return {
        "frozen": frozen_rules(release),
        "exports": exports_of(release),
        "shown": shown,
        "proof": proof_of(release),
        "history": history_of(release),
    }


def _buttons(request: HttpRequest, release: Release) -> dict[str, bool]:
    user, possible = request.user, possible_verbs(State(release.state))
    may = {f"may_{verb}": verb in possible and user.has_perm(row.permission) for verb, row in TABLE.items()}
    return may | {
        "may_record": may["may_verify"] or may["may_fail"],
        "may_export": not is_open(release) and user.has_perm("releases.export_release"),
        "may_patch": release.state == State.FAILED and user.has_perm("releases.add_release"),
    }

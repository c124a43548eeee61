"""The checklist of a release, and its steps after the hand-over: record a report, publish, plan a patch release."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from bigcode_optout.accounts.models import User
from bigcode_optout.core.errors import Conflict, Missing, Refused
from bigcode_optout.releases import planning, publishing, verifying
from bigcode_optout.releases.counted import KINDS, kinds_to_verify, verified
from bigcode_optout.releases.doubts import doubts_of, indexed_version
from bigcode_optout.releases.elsewhere import KIND_WORDS
from bigcode_optout.releases.models import Release
from bigcode_optout.releases.reports import LARGEST
from bigcode_optout.review.checklist import points_of
from bigcode_optout.review.release_diff import counts_of, diff_of

_PAGE = "admin:releases_release_change"


class PublishForm(forms.Form):
    """Under which name the version came out, and what it has nothing of."""

    version = forms.ChoiceField(label="The dataset version, as it was published")
    absent = forms.MultipleChoiceField(
        label="It has none of these", required=False, widget=forms.CheckboxSelectMultiple
    )
    despite = forms.MultipleChoiceField(
        label="I have looked at this, and it is to be published all the same",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, release: Release, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {version: verified(release, version).kinds for version in release.version_names}
        named = [version for version, kinds in known.items() if kinds] or release.version_names
        self.fields["version"].choices = [(name, name) for name in named]  # type: ignore[attr-defined] # a ChoiceField
        shown = [
            kind for kind in kinds_to_verify(release) if not any(kind in kinds for kinds in known.values())
        ]
        self.fields["absent"].choices = [(kind, KIND_WORDS[kind]) for kind in KINDS if kind in shown]  # type: ignore[attr-defined]
        if not shown:
            del self.fields["absent"]
        self.doubts = [doubt for version in named for doubt in doubts_of(release, version)]
        self.fields["despite"].choices = [(doubt.code, doubt.sentence) for doubt in self.doubts]  # type: ignore[attr-defined]
        if not self.doubts:
            del self.fields["despite"]


def checklist(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Every point from the queue to the published version, counts against the list before, and what came and went."""
    release = _release(pk)
    if not admin.has_view_permission(request, release):
        raise PermissionDenied
    sees_requests = request.user.has_perm("removals.view_removalrequest")
    context = _context(admin, request, release, f"Checklist for {release}") | {
        "points": points_of(release, sees_requests=sees_requests),
        "counts": counts_of(release),
        "diff": diff_of(release, shown=request.GET.get("show", ""), page=request.GET.get("page")),
        "sees_requests": sees_requests,
    }
    return render(request, "review/release_checklist.html", context)


def record(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a report that was uploaded."""
    user, release = _require(request, "releases.record_verification"), _release(pk)
    file = request.FILES.get("report")
    if file is None:
        messages.error(request, "Choose the report that verify wrote.")
        return redirect(_PAGE, pk)
    try:
        with transaction.atomic():
            kept = verifying.record(release_id=pk, report=file.read(LARGEST + 1), by=user)
            admin.log_change(request, release, f"Report recorded: {kept.report_sha256[:16]}.")
    except (Conflict, Refused) as error:
        messages.error(request, error.sentence)
    else:
        if kept.has_passed:
            messages.success(
                request, f"The report is kept. {release} is verified: nothing excluded was found."
            )
        else:
            messages.warning(request, f"The report is kept. {release} failed: see what was found.")
    return redirect(_PAGE, pk)


def publish(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """A page that says what will happen; its button does it."""
    user, release = _require(request, "releases.publish_release"), _release(pk)
    form = PublishForm(release, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        context = _context(admin, request, release, f"Is {release.version_names[-1]} published?") | {
            "form": form,
            "request_count": publishing.requests_on(release).count(),
            "verifications": release.verifications.filter(has_passed=True).defer("report"),
            "known": indexed_version(release, release.version_names[-1]),
        }
        return render(request, "review/release_publish.html", context)
    try:
        with transaction.atomic():
            done = publishing.publish(
                release_id=pk,
                version=form.cleaned_data["version"],
                absent_kinds=form.cleaned_data.get("absent", ()),
                despite=form.cleaned_data.get("despite", ()),
                by=user,
            )
            admin.log_change(request, release, f"Published as {done.version}.")
    except (Conflict, Refused) as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, f"{done.version} is out. The requesters are told one after another.")
    return redirect(_PAGE, pk)


def plan_patch(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Open the release that takes the place of a failed one."""
    user, failed = _require(request, "releases.add_release"), _release(pk)
    name = request.POST.get("name", "").strip()
    try:
        with transaction.atomic():
            patch = planning.plan(dataset=failed.dataset, name=name, replaces=failed, by=user)
            admin.log_addition(request, patch, f"Planned in the place of {failed}.")
    except (Conflict, Refused) as error:
        messages.error(request, error.sentence)
        return redirect(_PAGE, pk)
    messages.success(
        request, f"{patch} is open. It is for {patch.version_names[-1]}, in the place of {failed}."
    )
    return redirect(_PAGE, patch.pk)


def _context(admin: ModelAdmin, request: HttpRequest, release: Release, title: str) -> dict[str, Any]:
    return admin.admin_site.each_context(request) | {
        "opts": admin.opts,
        "original": release,
        "has_view_permission": True,
        "is_nav_sidebar_enabled": False,
        "title": title,
    }


def _require(request: HttpRequest, permission: str) -> User:
    """Raises `PermissionDenied`; the services ask again."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(permission):
        raise PermissionDenied
    return user


def _release(pk: int) -> Release:
    found = Release.objects.filter(pk=pk).select_related("dataset", "previous", "replaces").first()
    if found is None:
        raise Missing("no_release", "There is no such release.")
    return found

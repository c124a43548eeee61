"""Prepare a release from the admin, and follow how far it is."""

from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from bigcode_optout.accounts.models import User
from bigcode_optout.core.errors import Conflict, Missing
from bigcode_optout.releases import preparing
from bigcode_optout.releases.models import Release
from bigcode_optout.releases.readiness import old_roles_of
from bigcode_optout.review.preparation_page import shown_of


def prepare(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Begin. Whoever may freeze may do it."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(preparing.PERMISSION):
        raise PermissionDenied
    release = _release(pk)
    try:
        with transaction.atomic():
            preparing.begin(release_id=release.pk, by=user)
            admin.log_change(request, release, "Preparation begun.")
    except Conflict as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, f"GitHub is asked again about everything that stands for {release}.")
    return redirect("admin:releases_release_change", pk)


def progress(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, for htmx; when it is over the whole page is loaded again."""
    release = _release(pk)
    if not admin.has_view_permission(request, release):
        raise PermissionDenied
    shown = shown_of(release)
    context = {"original": release, "shown": shown, "old_roles": old_roles_of(release)}
    response = render(request, "review/preparation.html", context)
    if not shown.is_live:
        response["HX-Refresh"] = "true"
    return response


def _release(pk: int) -> Release:
    found = Release.objects.filter(pk=pk).select_related("dataset").first()
    if found is None:
        raise Missing("no_release", "There is no such release.")
    return found

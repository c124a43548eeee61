"""Freeze, export and hand over from the admin: each asked about first, each through `releases.services`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from bigcode_optout.accounts.models import User
from bigcode_optout.core.errors import Conflict, Missing, Refused, Unavailable
from bigcode_optout.exclusionlist import FORMATS, ExclusionListError, Format
from bigcode_optout.releases import exporting, services
from bigcode_optout.releases.models import Export, Release
from bigcode_optout.releases.readiness import warning
from bigcode_optout.review.archive import archive_name, zip_of
from bigcode_optout.review.release_page import frozen_rules, is_open, standing_of

Admin = ModelAdmin
# The tick by which a release manager says that the facts are not fresh.
UNPREPARED = "unprepared"


@dataclass(frozen=True)
class Confirmed:
    """A step that cannot be undone: who may, what it does, the words of its page."""

    permission: str
    act: Callable[..., Release]
    button: str
    done: str


CONFIRMED: Mapping[str, Confirmed] = {
    "freeze": Confirmed("releases.freeze_release", services.freeze, "Freeze {}", "Release {} is frozen."),
    "hand_over": Confirmed(
        "releases.hand_over_release",
        services.hand_over,
        "Hand {} over and tell the requesters",
        "Release {} is handed over. The requesters are told.",
    ),
}


def confirmed(admin: Admin, request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A page that says what will happen; its button does it."""
    step = CONFIRMED[name]
    user = _require(request, step.permission)
    release = _release(pk)
    if request.method != "POST":
        return _ask(admin, request, release, name)
    if name == "freeze" and is_open(release) and warning(release) and UNPREPARED not in request.POST:
        messages.error(request, "Say that you freeze it without fresh facts, or prepare it first.")
        return redirect("admin:releases_release_freeze", pk)
    try:
        with transaction.atomic():
            done = step.act(release_id=pk, by=user)
            admin.log_change(request, done, step.done.format(done))
    except (Conflict, Refused) as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, step.done.format(done))
    return redirect("admin:releases_release_change", pk)


def export(admin: Admin, request: HttpRequest, pk: int, format: str) -> HttpResponse:
    """Write the list in one format, once."""
    user = _require(request, "releases.export_release")
    release, name = _release(pk), _known(format)
    try:
        exporting.export(release=release, format=name, by=user)
    except (Conflict, Refused, Unavailable) as error:
        messages.error(request, error.sentence)
    except ExclusionListError as error:
        messages.error(request, str(error))
    else:
        admin.log_change(request, release, f"Exported as {name}.")
        messages.success(request, f"The list of {release} is written as {name}.")
    return redirect("admin:releases_release_change", pk)


def download(admin: Admin, request: HttpRequest, pk: int, format: str) -> FileResponse:
    """The written files as a zip. Who took them is kept in the log."""
    _require(request, "releases.export_release")
    kept = Export.objects.filter(release=pk, format=_known(format)).select_related("release__dataset").first()
    if kept is None:
        raise Missing("no_export", "This format was not exported yet.")
    files = zip_of(kept)
    admin.log_change(request, kept.release, f"Downloaded as {kept.format}.")
    return FileResponse(files, as_attachment=True, filename=f"{archive_name(kept)}.zip")


def _ask(admin: Admin, request: HttpRequest, release: Release, name: str) -> HttpResponse:
    context = admin.admin_site.each_context(request) | {
        "opts": admin.opts,
        "original": release,
        "has_view_permission": True,
        "is_nav_sidebar_enabled": False,
        "title": f"Freeze {release}?" if name == "freeze" else f"Hand {release} over?",
        "name": name,
        "button": CONFIRMED[name].button.format(release),
        "standing": standing_of(release) if name == "freeze" else None,
        "warning": warning(release) if name == "freeze" and is_open(release) else "",
        "frozen": None if is_open(release) else frozen_rules(release),
    }
    return render(request, "review/confirm_release.html", context)


def _require(request: HttpRequest, permission: str) -> User:
    """Raises `PermissionDenied`; the services ask again."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(permission):
        raise PermissionDenied
    return user


def _release(pk: int) -> Release:
    found = Release.objects.filter(pk=pk).select_related("dataset").first()
    if found is None:
        raise Missing("no_release", "There is no such release.")
    return found


def _known(format: str) -> Format:
    for known in FORMATS:
        if known == format:
            return known
    raise Missing("no_format", f"There is no format “{format}”.")

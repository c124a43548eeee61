"""Bulk from the list's selection: the plan, its page, and the progress. Thin: load, check, call, answer."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin as django_admin
from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from bigcode_optout.core.errors import Conflict, Missing, Refused
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.review import bulk, bulk_lists
from bigcode_optout.review.bulk_forms import form_of
from bigcode_optout.review.bulk_models import BulkRun
from bigcode_optout.review.bulk_page import run_page
from bigcode_optout.review.desk_views import QUEUE, person

_PAGE = "admin:removals_removalrequest_bulk"


def _action(verb: BulkRun.Verb, words: str) -> Callable[..., HttpResponse]:
    @django_admin.action(permissions=["desk"], description=words)
    def plan(admin: ModelAdmin, request: HttpRequest, queryset: QuerySet[RemovalRequest]) -> HttpResponse:
        try:
            run = bulk.plan(by=person(request), verb=verb, requests=queryset)
        except Refused as error:
            messages.error(request, error.sentence)
            return redirect(request.get_full_path())
        return redirect(_PAGE, run.pk)

    plan.__name__ = verb.value
    return plan


# What stands in the list's menu. Nothing is done before the page in between.
ACTIONS = (
    _action(BulkRun.Verb.ACCEPT, "Accept (shows what will happen first)"),
    _action(BulkRun.Verb.ASK, "Ask a question (shows what will happen first)"),
    _action(BulkRun.Verb.DENY, "Deny (shows what will happen first)"),
    _action(BulkRun.Verb.ASSIGN, "Assign (shows what will happen first)"),
)


def bulk_page(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """The page in between, and afterwards what came of each request."""
    _require_view(admin, request)
    if request.method == "POST":
        return _take_step(admin, request, pk)
    run = bulk.run_for(person(request), pk)
    return _page(admin, request, run, form_of(run))


def progress(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, for htmx; when it is over the whole page is loaded again."""
    _require_view(admin, request)
    run = bulk.run_for(person(request), pk)
    shown = run_page(run, number="1")
    response = render(request, "review/bulk_progress.html", {"shown": shown, "run": run})
    if not shown.is_live:
        response["HX-Refresh"] = "true"
    return response


def runs(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Where runs are found again."""
    if not admin.has_desk_permission(request):  # type: ignore[attr-defined] # the admin of requests has it
        raise PermissionDenied
    context = admin.admin_site.each_context(request) | {
        "title": "Many at once",
        "opts": admin.opts,
        "runs": bulk_lists.runs_for(person(request)),
        "days": bulk_lists.DAYS,
        "has_view_permission": True,
        "is_nav_sidebar_enabled": False,
    }
    return render(request, "review/runs.html", context)


def _take_step(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    user, step = person(request), request.POST.get("step", "")
    try:
        if step == "preview":
            run = bulk.run_for(user, pk)
            form = form_of(run, request.POST)
            if not form.is_valid():
                return _page(admin, request, run, form)
            bulk.word(by=user, run_id=pk, **form.cleaned_data)
        elif step == "confirm":
            bulk.begin(by=user, run_id=pk)
        elif step == "discard":
            bulk.discard(by=user, run_id=pk)
            messages.info(request, "Nothing was done.")
            return redirect(QUEUE)
        else:
            raise Missing("no_step", "There is no such step.")
    except (Conflict, Refused) as error:
        messages.error(request, error.sentence)
    return redirect(_PAGE, pk)


def _page(admin: ModelAdmin, request: HttpRequest, run: BulkRun, form: Any) -> HttpResponse:
    shown = run_page(run, number=request.GET.get("page", "1"), shown=request.GET.get("shown", ""))
    tense = "What will happen" if shown.is_planned else "Many at once"
    context = admin.admin_site.each_context(request) | {
        "title": f"{tense}: {run.get_verb_display().lower()}",
        "opts": admin.opts,
        "run": run,
        "shown": shown,
        "form": form,
        "is_own": run.started_by_id == request.user.pk,
        "address": reverse(_PAGE, args=[run.pk]),
        "has_view_permission": True,
        "is_nav_sidebar_enabled": False,
    }
    return render(request, "review/bulk.html", context)


def _require_view(admin: ModelAdmin, request: HttpRequest) -> None:
    if not admin.has_view_permission(request):
        raise PermissionDenied


def urls(admin: ModelAdmin) -> list[URLPattern]:
    """The addresses of these pages."""
    site = admin.admin_site.admin_view
    name = "removals_removalrequest_bulk"
    return [
        path("bulk/", site(partial(runs, admin)), name=f"{name}_runs"),
        path("bulk/<int:pk>/", site(partial(bulk_page, admin)), name=name),
        path("bulk/<int:pk>/progress/", site(partial(progress, admin)), name=f"{name}_progress"),
    ]

"""The request page and its posts. Thin: load, check, call, answer."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from bigcode_optout.accounts.models import User
from bigcode_optout.core.errors import Conflict, Refused
from bigcode_optout.removals import merging, policies, services, two_people
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import LocatedRepository, RemovalRequest
from bigcode_optout.review import locks
from bigcode_optout.review.deciding import carry_out, require_seen
from bigcode_optout.review.evidence import Evidence, evidence_for
from bigcode_optout.review.forms import RefusalForm, SeenForm, TextForm
from bigcode_optout.review.holdings import Facts
from bigcode_optout.review.steps import PROPOSED, STEPS, forms_for
from bigcode_optout.review.usual_words import usual_words

Admin = ModelAdmin
PAGE_SIZE = 100


def request_page(admin: Admin, request: HttpRequest, pk: int) -> HttpResponse:
    """Who asks, what for, what is known, and the decision."""
    return _page(admin, request, _load(admin, request, pk))


def take_step(admin: Admin, request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Decide, deny or ask: shown first, done when confirmed, back to the page when it is to be changed."""
    seen, step = _load(admin, request, pk), STEPS[name]
    form = step.form(seen, request.POST)
    is_complete = form.is_valid()
    at = form.cleaned_data.get("seen")
    try:
        if at is not None:
            require_seen(seen.request, at)
        policies.require(seen.request, step.verb, role=Role.REVIEWER, by=seen.viewer)
        if not step.is_open(seen):
            raise Conflict("not_now", "This was answered or proposed meanwhile. Look again.")
        if not is_complete or at is None or request.POST.get("step") == "change":
            return _page(admin, request, seen, {name: form})
        if request.POST.get("step") != "confirm":
            rehearsal = step.show(form, seen.viewer, pk)
            return _preview(admin, request, seen, form, name=name, rehearsal=rehearsal)
        with transaction.atomic():
            done = carry_out(partial(step.act, form, seen.viewer, pk), request_id=pk, seen=at)
            admin.log_change(request, seen.request, done)
    except (Conflict, Refused) as error:
        messages.error(request, error.sentence)
        return redirect("admin:removals_removalrequest_change", pk)
    messages.success(request, done if done == PROPOSED else f"{done} {_how_told(seen.request)}")
    return redirect("admin:removals_removalrequest_change", pk)


def _how_told(before: RemovalRequest) -> str:
    if RemovalRequest.objects.filter(pk=before.pk, state=before.state).exists():
        return "Other parts are still open, so nothing is mailed yet."
    if before.email:
        return "They are told by mail."
    return "They read it on their page; no address was given."


def write(admin: Admin, request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Write an internal note, or take a decision back with the reason for it."""
    seen = _load(admin, request, pk)
    form = TextForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Write it first: nothing was sent.")
        return redirect("admin:removals_removalrequest_change", pk)
    act, done = {
        "note": (services.add_note, "Noted. The requester does not see it."),
        "reopen": (services.reopen, "Reopened. It waits for a decision again."),
    }[name]
    return _act(admin, request, done, act, by=seen.viewer, request_id=pk, text=form.cleaned_data["text"])


def refuse(admin: Admin, request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse what a colleague proposed, or take back what one proposed oneself."""
    seen = _load(admin, request, pk)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Write why first: nothing was changed.")
        return redirect("admin:removals_removalrequest_change", pk)
    done = "The proposal is closed. The request waits for a decision again."
    given = {"proposal_id": form.cleaned_data["proposal"], "reason": form.cleaned_data["text"]}
    return _act(admin, request, done, two_people.refuse, by=seen.viewer, request_id=pk, **given)


def assign(admin: Admin, request: HttpRequest, pk: int) -> HttpResponse:
    """Put the request on one's own desk, or back."""
    seen = _load(admin, request, pk)
    to = None if request.POST.get("to") == "nobody" else seen.viewer
    done = "It is on your desk." if to else "It is on nobody’s desk."
    return _act(admin, request, done, services.assign, by=seen.viewer, request_id=pk, to=to)


def merge(admin: Admin, request: HttpRequest, pk: int) -> HttpResponse:
    """Let the earlier request that covers all of it stand for both."""
    seen = _load(admin, request, pk)
    if seen.elder is None:
        messages.error(request, "No earlier request of the same person covers all of it any more.")
        return redirect("admin:removals_removalrequest_change", pk)
    done = f"Merged into {seen.elder.reference}."
    return _act(admin, request, done, merging.merge, by=seen.viewer, request_id=pk, elder_id=seen.elder.pk)


def repositories(admin: Admin, request: HttpRequest, pk: int) -> HttpResponse:
    """Every located repository, a page at a time."""
    seen = _load(admin, request, pk)
    located = LocatedRepository.objects.filter(run__request=pk).select_related("run__version", "item__claim")
    pages = Paginator(located.order_by("full_name", "-run__version__data_date", "pk"), PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    rows = list(page.object_list)
    facts = Facts(seen.request, rows, row_count=pages.count)
    lines = [(facts.line(row), [row.run.version.name]) for row in rows]
    title = f"{seen.request.reference}: what was found"
    context = _context(admin, request, seen, title) | {"page": page, "lines": lines}
    return render(request, "review/repositories.html", context)


def _load(admin: Admin, request: HttpRequest, pk: int) -> Evidence:
    """The request with its evidence. Raises `PermissionDenied` and `Missing`."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    assert isinstance(request.user, User)
    return evidence_for(pk, request.user)


def _act(admin: Admin, request: HttpRequest, done: str, act: Any, **arguments: Any) -> HttpResponse:
    try:
        with transaction.atomic():
            act(**arguments)
            admin.log_change(request, RemovalRequest.objects.get(pk=arguments["request_id"]), done)
    except (Conflict, Refused) as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, done)
    return redirect("admin:removals_removalrequest_change", arguments["request_id"])


def _page(
    admin: Admin, request: HttpRequest, seen: Evidence, filled: dict[str, SeenForm] | None = None
) -> HttpResponse:
    forms = forms_for(seen)
    # A form of a step that is not possible any more is not shown again.
    forms |= {name: form for name, form in (filled or {}).items() if name in forms}
    title = f"{seen.request.reference}, {seen.asked_in_short}"
    context = _context(admin, request, seen, title) | {
        "forms": forms,
        "usual_words": usual_words(seen.request) if {"decide", "deny"} & set(forms) else [],
    }
    return render(request, "review/request.html", context)


def _preview(admin: Admin, request: HttpRequest, seen: Evidence, form: SeenForm, **more: Any) -> HttpResponse:
    title = f"What {seen.requester_name} will read"
    button = STEPS[more["name"]].button(more["rehearsal"])
    context = _context(admin, request, seen, title) | {"form": form, "button": button, **more}
    return render(request, "review/preview.html", context)


def _context(admin: Admin, request: HttpRequest, seen: Evidence, title: str) -> dict[str, Any]:
    return admin.admin_site.each_context(request) | {
        "title": title,
        "opts": admin.opts,
        "seen": seen,
        "original": seen.request,
        "open_by": locks.look_at(seen.request, by=seen.viewer),
        "has_view_permission": True,
        # Evidence and decision need the width.
        "is_nav_sidebar_enabled": False,
    }

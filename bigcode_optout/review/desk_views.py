"""The queue's own posts: next in queue, views that are kept, and who has what open. Thin: check, call, answer."""

from collections.abc import Sequence
from copy import copy
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters, ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST

from bigcode_optout.accounts.models import User
from bigcode_optout.core.errors import Conflict, Missing, Refused
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.removals.policies import DECIDE
from bigcode_optout.review import locks, next_up, saved_views
from bigcode_optout.review.desk_models import SavedView
from bigcode_optout.review.figures import open_counts, queue_figures

QUEUE = "admin:removals_removalrequest_changelist"
# The list that somebody works through, kept while they go from request to request.
_LIST = "desk_list"


class Selection(ChangeList):
    """The requests that a list would show, without counting or loading any."""

    def get_results(self, request: HttpRequest) -> None:
        """None are shown."""


def person(request: HttpRequest) -> User:
    """Who looks: the admin let nobody in who is not signed in."""
    assert isinstance(request.user, User)
    return request.user


def selected(admin: ModelAdmin, request: HttpRequest, query: str) -> QuerySet[RemovalRequest]:
    """The requests that the list of this query string has; of a wrong one, those that wait for us."""
    asked = copy(request)
    asked.GET, asked.desk_changelist = QueryDict(query), Selection  # type: ignore[attr-defined]  # the admin reads it
    try:
        found = admin.get_changelist_instance(asked).queryset
    except IncorrectLookupParameters:
        return selected(admin, request, "")
    return found


def queue_context(request: HttpRequest, views: Sequence[SavedView]) -> dict[str, Any]:
    """What stands above the list: the figures, each view, and what this person may do with the open one."""
    user = person(request)
    query = request.GET.urlencode()
    counts = open_counts(**saved_views.counted(user))
    tabs = saved_views.tabs_for(user, query, views, counts)
    named = next((tab for tab in tabs if tab.is_open), None)
    return {
        "title": named.name if named else "Removal requests",
        # Not read where an action leads to another page.
        "figures": SimpleLazyObject(partial(queue_figures, counts)),
        "tabs": tabs,
        "open_tab": named,
        "list_query": saved_views.normal(query) or "waiting=us",
        "may_share": user.has_perm(saved_views.LEAD),
        "may_decide": user.has_perm(DECIDE),
    }


def next_request(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Open the most urgent request of the list that nobody else has, behind the one that was looked at."""
    user = person(request)
    if not user.has_perm(DECIDE):
        raise PermissionDenied
    query = request.POST.get("list")
    if query is None:
        query = request.session.get(_LIST, "")
    else:
        request.session[_LIST] = query[: saved_views.QUERY_LENGTH]
    after = request.POST.get("after", "")
    current = RemovalRequest.objects.filter(pk=after).first() if _is_number(after) else None
    found = next_up.take_next(selected(admin, request, query), by=user, after=current)
    if found is None:
        messages.info(request, "Nothing else in this list waits for you now.")
        return redirect(f"{reverse(QUEUE)}?{query}")
    return redirect("admin:removals_removalrequest_change", found.pk)


def stay(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody types on the request's page: it stays theirs. Answers with who else has it open, for htmx."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    found = (
        RemovalRequest.objects.filter(pk=pk, submitted_at__isnull=False).select_related("requester").first()
    )
    if found is None:
        raise Missing("no_request", "There is no such request.")
    context = {"open_by": locks.look_at(found, by=person(request)), "request_id": pk}
    return render(request, "review/open_by.html", context)


def keep_view(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Save the list that is shown under a name."""
    given = request.POST
    act = partial(
        saved_views.save,
        name=given.get("name", ""),
        query=given.get("list", ""),
        is_shared=given.get("is_shared") == "on",
    )
    return _about_views(admin, request, act, "Saved.")


def change_view(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, share, delete or open first what was saved."""
    name = request.POST.get("name", "")
    acts = {
        "rename": (partial(saved_views.rename, view_id=pk, name=name), "Renamed."),
        "share": (
            partial(saved_views.share, view_id=pk, is_shared=True),
            "Everybody at the desk has it now.",
        ),
        "unshare": (partial(saved_views.share, view_id=pk, is_shared=False), "It is yours alone again."),
        "delete": (partial(saved_views.delete, view_id=pk), "Deleted. The requests are untouched."),
        "open_first": (partial(saved_views.open_first, view_id=pk), "Your queue opens on it from now on."),
        "close_first": (
            partial(saved_views.open_first, view_id=None),
            "Your queue opens on what waits for us again.",
        ),
    }
    found = acts.get(request.POST.get("do", ""))
    if found is None:
        raise Missing("no_step", "There is no such step.")
    return _about_views(admin, request, *found)


def _about_views(admin: ModelAdmin, request: HttpRequest, act: Any, done: str) -> HttpResponse:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    try:
        act(by=person(request))
    except (Conflict, Refused) as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, done)
    query = saved_views.normal(request.POST.get("list", "")) or "waiting=us"
    return redirect(f"{reverse(QUEUE)}?{query}")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def urls(admin: ModelAdmin) -> list[URLPattern]:
    """The addresses of these posts."""

    def post(address: str, view: Any, name: str) -> URLPattern:
        wrapped = admin.admin_site.admin_view(require_POST(partial(view, admin)))
        return path(address, wrapped, name=f"removals_removalrequest_{name}")

    return [
        post("next/", next_request, "next"),
        post("views/", keep_view, "keep_view"),
        post("views/<int:pk>/", change_view, "change_view"),
        post("<int:pk>/stay/", stay, "stay"),
    ]

"""The queue and the request page."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin import ShowFacets
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.removals.policies import DECIDE
from bigcode_optout.review import bulk_views, desk_views, saved_views, views
from bigcode_optout.review.admins.queue_columns import COLUMNS, QueueColumns
from bigcode_optout.review.admins.read_only import ReadOnlyAdmin
from bigcode_optout.review.changelist import CountedPaginator, Queue
from bigcode_optout.review.filters import FILTERS
from bigcode_optout.review.search import condition_for
from bigcode_optout.review.steps import STEPS


@admin.register(RemovalRequest)
class RequestAdmin(QueueColumns, ReadOnlyAdmin):
    """Changed through `removals.services` alone: its page has buttons of its own, and no field."""

    change_list_template = "review/queue.html"
    list_display = COLUMNS
    list_display_links = ("reference",)
    list_filter = FILTERS
    actions = bulk_views.ACTIONS
    paginator = CountedPaginator
    show_facets = ShowFacets.ALWAYS
    show_full_result_count = False
    search_fields = ("reference",)
    search_help_text = (
        "Reference, login of today or before, repository, GitHub number or address. Looks everywhere."
    )
    ordering = ("due_at", "pk")
    list_per_page = 50
    sortable_by = ("reference", "due", "assignee_text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RemovalRequest]:
        """What was sent. A draft is its writer's own."""
        return RemovalRequest.objects.filter(submitted_at__isnull=False)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """With lines; a plain one where only the requests that it finds are wanted."""
        found: type[ChangeList] = getattr(request, "desk_changelist", Queue)
        return found

    def has_desk_permission(self, request: HttpRequest) -> bool:
        """Whether this person may act on requests: who only reads has no actions."""
        return request.user.has_perm(DECIDE)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[RemovalRequest], search_term: str
    ) -> tuple[QuerySet[RemovalRequest], bool]:
        """By whatever names a request. Looked for once, for the list and for its counts."""
        if not search_term.strip():
            return queryset, False
        kept = request.__dict__.setdefault("desk_found", {})
        if search_term not in kept:
            kept[search_term] = condition_for(search_term)
        return queryset.filter(kept[search_term]), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The figures and views above the list; without a choice, what this person's queue opens on."""
        # The list needs the width more than the list of lists does.
        extra = {"is_nav_sidebar_enabled": False, **(extra_context or {})}
        if self.has_view_permission(request):
            views = saved_views.views_of(desk_views.person(request))
            query = saved_views.default_query(views)
            if request.method == "GET" and not request.GET and query:
                return redirect(f"{reverse('admin:removals_removalrequest_changelist')}?{query}")
            extra |= desk_views.queue_context(request, views)
        return super().changelist_view(request, extra)

    def get_urls(self) -> list[URLPattern]:
        """The request page and its posts in place of Django's form."""

        def place(name: str, view: Any) -> URLPattern:
            wrapped = self.admin_site.admin_view(view)
            return path(f"<int:pk>/{name}/", wrapped, name=f"removals_removalrequest_{name}")

        def posts(view: Any, name: str) -> URLPattern:
            return place(name, require_POST(partial(view, self, name=name)))

        return [
            place("change", partial(views.request_page, self)),
            place("repositories", partial(views.repositories, self)),
            *(posts(views.take_step, name) for name in STEPS),
            posts(views.write, "note"),
            posts(views.write, "reopen"),
            place("refuse", require_POST(partial(views.refuse, self))),
            place("assign", require_POST(partial(views.assign, self))),
            place("merge", require_POST(partial(views.merge, self))),
            *desk_views.urls(self),
            *bulk_views.urls(self),
            path(
                "",
                self.admin_site.admin_view(self.changelist_view),
                name="removals_removalrequest_changelist",
            ),
        ]

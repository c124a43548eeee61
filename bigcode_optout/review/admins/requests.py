"""The queue and the request page."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin import ShowFacets
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.review import views
from bigcode_optout.review.admins.read_only import ReadOnlyAdmin
from bigcode_optout.review.evidence import name_of
from bigcode_optout.review.figures import queue_figures
from bigcode_optout.review.filters import AssigneeFilter, ProofFilter, ScopeFilter, StateFilter, WaitingFilter
from bigcode_optout.review.queue import Line, lines, with_parts
from bigcode_optout.review.search import find_requests
from bigcode_optout.review.steps import STEPS
from bigcode_optout.review.templatetags.review import draw, due


class Queue(ChangeList):
    """A page of requests, each with its line."""

    result_list: Any
    queue_lines: dict[int, Line]

    def get_results(self, request: HttpRequest) -> None:
        """Load the page and what its lines say."""
        super().get_results(request)
        self.result_list = list(with_parts(self.result_list))
        found = lines(self.result_list)
        for one in self.result_list:
            one.line = found[one.pk]


@admin.register(RemovalRequest)
class RequestAdmin(ReadOnlyAdmin):
    """Changed through `removals.services` alone: its page has buttons of its own, and no field."""

    change_list_template = "review/queue.html"
    list_display = ("reference", "requester_text", "scope", "proof", "guards", "due", "assignee_text")
    list_display_links = ("reference",)
    list_filter = (WaitingFilter, StateFilter, ScopeFilter, ProofFilter, AssigneeFilter)
    show_facets = ShowFacets.ALWAYS
    show_full_result_count = False
    search_fields = ("reference",)
    search_help_text = "Reference, login, repository, GitHub number or address. Looks everywhere."
    ordering = ("due_at", "pk")
    list_per_page = 50
    sortable_by = ("reference", "due")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RemovalRequest]:
        """What was sent. A draft is its writer's own."""
        return RemovalRequest.objects.filter(submitted_at__isnull=False)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """With lines."""
        return Queue

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[RemovalRequest], search_term: str
    ) -> tuple[QuerySet[RemovalRequest], bool]:
        """By whatever names a request."""
        return (find_requests(queryset, search_term) if search_term.strip() else queryset), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The figures above the list."""
        title = "What waits for us" if not request.GET else "Removal requests"
        # The list needs the width more than the list of lists does.
        extra = {
            "figures": queue_figures(),
            "title": title,
            "is_nav_sidebar_enabled": False,
            **(extra_context or {}),
        }
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
            place("assign", require_POST(partial(views.assign, self))),
            place("merge", require_POST(partial(views.merge, self))),
            path(
                "",
                self.admin_site.admin_view(self.changelist_view),
                name="removals_removalrequest_changelist",
            ),
        ]

    @admin.display(description="Requester")
    def requester_text(self, one: RemovalRequest) -> SafeString:
        """Login, and how old the account is."""
        first = next(iter(one.requester.identities.all()), None)
        age = f"on GitHub since {first.account_created_at:%Y}" if first else "no GitHub account"
        return format_html('{}<span class="desk-sub">{}</span>', name_of(one.requester), age)

    @admin.display(description="Scope")
    def scope(self, one: RemovalRequest) -> SafeString:
        """What is asked for, and how much of it there is."""
        line: Line = one.line  # type: ignore[attr-defined]
        asked = format_html_join(SafeString("<br>"), "{}", ((text,) for text in line.scope))
        kinds = format_html(": {}", line.kinds) if line.kinds else ""
        return format_html('{}{}<span class="desk-sub">{}</span>', asked, kinds, line.counts)

    @admin.display(description="Proof")
    def proof(self, one: RemovalRequest) -> SafeString:
        """The worst of its items."""
        return draw(one.line.proof)  # type: ignore[attr-defined]

    @admin.display(description="Guards")
    def guards(self, one: RemovalRequest) -> SafeString | str:
        """Reasons to look twice."""
        guards: list[str] = one.line.guards  # type: ignore[attr-defined]
        return (
            format_html_join("", '<span class="desk-guard">{}</span>', ((guard,) for guard in guards)) or "–"
        )

    @admin.display(description="Due", ordering="due_at")
    def due(self, one: RemovalRequest) -> SafeString:
        """When, and on whom it waits."""
        return due(one)

    @admin.display(description="Assignee")
    def assignee_text(self, one: RemovalRequest) -> str:
        """On whose desk."""
        return one.assignee.username if one.assignee else "–"

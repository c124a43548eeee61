"""The list of requests as the queue shows it: a page with its lines, counted once for paging and for every filter."""

from functools import cached_property
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.http import HttpRequest

from bigcode_optout.removals import two_people
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.review.facets import Facets
from bigcode_optout.review.filters import DeskFilter
from bigcode_optout.review.locks import open_by_others
from bigcode_optout.review.queue import Line, lines

# The long texts of a request, which no line shows.
UNREAD = ("message", "canonical_text", "canonical_sha256")


class CountedPaginator(Paginator):
    """A paginator that takes the number that was counted for the filters anyway."""

    @cached_property
    def count(self) -> int:
        """Requests in the list."""
        known: int | None = getattr(self.object_list, "known_count", None)
        return super().count if known is None else known


class Queue(ChangeList):
    """A page of requests, each with its line and with the colleague who has it open."""

    result_list: Any
    facets: Facets

    def get_results(self, request: HttpRequest) -> None:
        """Count, load the page, and what its lines say."""
        searched, _ = self.model_admin.get_search_results(request, self.root_queryset, self.query)
        self.facets = Facets(
            [one for one in self.filter_specs if isinstance(one, DeskFilter)],
            filtered=self.queryset,
            unfiltered=searched,
        )
        self.queryset.known_count = self.facets.total
        super().get_results(request)
        # Which ones first: far down a long list the database would carry whole rows past.
        numbers = list(self.result_list.values_list("pk", flat=True))
        found_rows = (
            RemovalRequest.objects.defer(*UNREAD)
            .select_related("requester", "assignee", "queue_line")
            .prefetch_related("requester__identities")
            .in_bulk(numbers)
        )
        self.result_list = [found_rows[number] for number in numbers]
        found: dict[int, Line] = lines(self.result_list)
        others = open_by_others(found, by=request.user)
        proposals = two_people.waiting(found)
        for one in self.result_list:
            one.line, one.open_by = found[one.pk], others.get(one.pk, "")
            one.proposal = proposals.get(one.pk)

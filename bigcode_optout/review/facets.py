"""How many requests each choice of each filter has: two queries, whatever is chosen, however many filters there are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from django.db.models import Count, QuerySet

from bigcode_optout.removals.models import RemovalRequest

Row = Mapping[str, Any]


class Facet(Protocol):
    """A filter as this module needs it."""

    columns: tuple[str, ...]
    parameter_name: str

    def chosen(self) -> str | None:
        """The choice in force; None for all."""

    def choices_of(self, row: Row) -> Iterable[str]:
        """Under which choices a request with these columns is counted."""


class Facets:
    """`total`: requests that every filter lets through. `counts`: by the filter's name, requests by choice, each under
    the other filters."""

    def __init__(
        self,
        filters: Sequence[Facet],
        *,
        filtered: QuerySet[RemovalRequest],
        unfiltered: QuerySet[RemovalRequest],
    ) -> None:
        active = [one for one in filters if one.chosen() is not None]
        rows = _grouped(filtered, filters)
        self.total = sum(number for _, number in rows)
        self.counts = {one.parameter_name: _count(one, rows) for one in filters if one not in active}
        if active:
            everything = _grouped(unfiltered, active)
            for one in active:
                others = [other for other in active if other is not one]
                let_through = [(row, number) for row, number in everything if _passes(row, others)]
                self.counts[one.parameter_name] = _count(one, let_through)


def _grouped(requests: QuerySet[RemovalRequest], filters: Sequence[Facet]) -> list[tuple[Row, int]]:
    columns = sorted({column for one in filters for column in one.columns})
    groups = requests.order_by().values(*columns).annotate(number_of=Count("*"))
    return [(row, row["number_of"]) for row in groups]


def _passes(row: Row, filters: Sequence[Facet]) -> bool:
    return all(chosen in one.choices_of(row) for one in filters if (chosen := one.chosen()) is not None)


def _count(one: Facet, rows: Sequence[tuple[Row, int]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for row, number in rows:
        for choice in one.choices_of(row):
            counts[choice] += number
    return counts

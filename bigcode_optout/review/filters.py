"""The queue's filters: for each, what a request is counted under, and the same as a condition in the database."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import ModelAdmin
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from bigcode_optout.accounts.models import User
from bigcode_optout.removals.models import Ground, RemovalRequest, RequestState
from bigcode_optout.removals.queries import WAITING_ON_US
from bigcode_optout.review.facets import Facets, Row
from bigcode_optout.review.line_models import Size, Source
from bigcode_optout.review.lines import OBJECTION, codes_in
from bigcode_optout.review.queue import APPEAL, guard_title
from bigcode_optout.review.words import GUARDS, PROOFS, STATES

ALL = "all"
NONE = "none"


class DeskFilter(SimpleListFilter):
    """A list filter whose counts come from the changelist's `facets`. `words` are its known choices, in their order."""

    columns: tuple[str, ...] = ()
    parameter_name: str
    words: Mapping[str, str] = {}

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        """The known choices; a filter without any has those that its requests have."""
        return list(self.words.items()) or [(ALL, "All")]

    def chosen(self) -> str | None:
        """The choice in force; None for all."""
        value = self.value()
        return None if value in (None, ALL) else value

    def queryset(self, request: HttpRequest, queryset: QuerySet[RemovalRequest]) -> QuerySet[RemovalRequest]:
        """The requests of the choice; none for a choice that does not exist."""
        chosen = self.chosen()
        return queryset if chosen is None else queryset.filter(self.condition(chosen))

    def condition(self, choice: str) -> Q:
        """What holds of a request of this choice."""
        raise NotImplementedError

    def choices_of(self, row: Row) -> Iterable[str]:
        """Under which choices a request with these columns is counted."""
        raise NotImplementedError

    def words_of(self, choices: Iterable[str], changelist: ChangeList) -> Mapping[str, str]:
        """Every choice to be offered, in order, with its words."""
        more = {choice: choice for choice in sorted(choices) if choice not in self.words}
        return {**self.words, **more}

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Everything, then each choice with its count; what has nothing is left out unless it is chosen."""
        facets: Facets = changelist.facets  # type: ignore[attr-defined]
        counts = facets.counts[self.parameter_name]
        chosen = self.chosen()
        yield self._choice(changelist, ALL, "All", is_chosen=chosen is None)
        offered = {*counts, chosen} if chosen else {*counts}
        for choice, words in self.words_of(offered, changelist).items():
            if counts[choice] or choice == chosen:
                text = f"{words} ({counts[choice]:,})"
                yield self._choice(changelist, choice, text, is_chosen=choice == chosen)

    def _choice(self, changelist: ChangeList, value: str, words: str, *, is_chosen: bool) -> dict[str, Any]:
        return {
            "selected": is_chosen,
            "query_string": changelist.get_query_string({self.parameter_name: value}, remove=["p"]),
            "display": words,
        }


class ColumnFilter(DeskFilter):
    """A choice is the value of a column; `none` stands for an empty one."""

    def condition(self, choice: str) -> Q:
        """The column has the value."""
        return Q(**{self.columns[0]: "" if choice == NONE else choice})

    def choices_of(self, row: Row) -> Iterable[str]:
        """The value."""
        value = row[self.columns[0]]
        return () if value is None else (str(value) or NONE,)


class CodesFilter(DeskFilter):
    """A choice is one of several codes that a line has; `none` stands for a line without any."""

    def condition(self, choice: str) -> Q:
        """The code is among them."""
        return Q(
            **{self.columns[0]: ""} if choice == NONE else {f"{self.columns[0]}__contains": f",{choice},"}
        )

    def choices_of(self, row: Row) -> Iterable[str]:
        """Each of them."""
        text = row[self.columns[0]]
        return () if text is None else codes_in(text) or (NONE,)


class WaitingFilter(DeskFilter):
    """On whom a request waits. The queue opens on what waits for us; a search looks everywhere."""

    title = "waiting on"
    parameter_name = "waiting"
    columns = ("state",)
    words = {"us": "Us", "requester": "Requester", "nobody": "Nobody"}

    def condition(self, choice: str) -> Q:
        """By state."""
        ours, theirs = Q(state__in=WAITING_ON_US), Q(state=RequestState.NEEDS_INFORMATION)
        return {"us": ours, "requester": theirs, "nobody": ~ours & ~theirs}.get(choice, Q(pk=None))

    def choices_of(self, row: Row) -> Iterable[str]:
        """One of the three."""
        if row["state"] in WAITING_ON_US:
            return ("us",)
        return ("requester",) if row["state"] == RequestState.NEEDS_INFORMATION else ("nobody",)

    def value(self) -> str:
        """The choice in the address, else us; all when something is looked for."""
        return super().value() or (ALL if self.request.GET.get(SEARCH_VAR) else "us")


class StateFilter(ColumnFilter):
    """Where a request stands."""

    title = "state"
    parameter_name = "state"
    columns = ("state",)
    words = {str(state): mark.word for state, mark in STATES.items()}


class ScopeFilter(CodesFilter):
    """What the items stand on."""

    title = "scope"
    parameter_name = "scope"
    columns = ("queue_line__scopes",)
    words = {
        "account": "A whole account",
        "organisation": "A whole organisation",
        "former_login": "Former name",
        "repository": "Single repositories",
        "stated": "Asked without an account",
    }


class ProofFilter(ColumnFilter):
    """What the machine made of the worst item."""

    title = "proof"
    parameter_name = "proof"
    columns = ("queue_line__proof",)
    words = {str(state): mark.word for state, mark in PROOFS.items()}


class GuardFilter(CodesFilter):
    """What asks for a second look."""

    title = "guard"
    parameter_name = "guard"
    columns = ("queue_line__guards", "was_appealed")
    words = {
        APPEAL: "Appeal",
        OBJECTION: "Objection",
        **{str(code): title for code, title in GUARDS.items()},
        NONE: "None",
    }

    def condition(self, choice: str) -> Q:
        """An appeal is kept with the request, everything else with its line."""
        if choice == APPEAL:
            return Q(was_appealed=True)
        found = super().condition(choice)
        return found & Q(was_appealed=False) if choice == NONE else found

    def choices_of(self, row: Row) -> Iterable[str]:
        """The codes, and the appeal."""
        codes = super().choices_of(row)
        return [APPEAL, *(code for code in codes if code != NONE)] if row["was_appealed"] else codes

    def words_of(self, choices: Iterable[str], changelist: ChangeList) -> Mapping[str, str]:
        """A guard without words of its own is shown by its code."""
        found = dict(super().words_of(choices, changelist))
        return {code: guard_title(code) if code not in self.words else words for code, words in found.items()}


class GroundFilter(ColumnFilter):
    """The reason that was given."""

    title = "ground"
    parameter_name = "ground"
    columns = ("ground",)
    words = {**{str(value): str(label) for value, label in Ground.choices if value}, NONE: "No reason given"}


class AssigneeFilter(DeskFilter):
    """On whose desk it is."""

    title = "assignee"
    parameter_name = "assignee"
    columns = ("assignee",)

    def condition(self, choice: str) -> Q:
        """By the person's number."""
        if choice == NONE:
            return Q(assignee=None)
        return Q(assignee=int(choice)) if choice.isdecimal() and len(choice) < 19 else Q(pk=None)

    def choices_of(self, row: Row) -> Iterable[str]:
        """The person, or nobody."""
        return (NONE if row["assignee"] is None else str(row["assignee"]),)

    def words_of(self, choices: Iterable[str], changelist: ChangeList) -> Mapping[str, str]:
        """Nobody, then everybody by name. One query."""
        numbers = [int(choice) for choice in choices if choice.isdecimal() and len(choice) < 19]
        people = User.objects.filter(pk__in=numbers).order_by("username").values_list("pk", "username")
        return {NONE: "Nobody", **{str(pk): name for pk, name in people}}


class VersionFilter(CodesFilter):
    """In which version something of it stands."""

    title = "dataset version"
    parameter_name = "version"
    columns = ("queue_line__versions",)

    def words_of(self, choices: Iterable[str], changelist: ChangeList) -> Mapping[str, str]:
        """Versions by name, the later ones first; then none."""
        named = sorted((choice for choice in choices if choice != NONE), reverse=True)
        return {**{name: name for name in named}, NONE: "In none"}


class SourceFilter(ColumnFilter):
    """Where it came from."""

    title = "source"
    parameter_name = "source"
    columns = ("queue_line__source",)
    words = {str(value): str(label) for value, label in Source.choices}


class SizeFilter(ColumnFilter):
    """How much was located."""

    title = "size"
    parameter_name = "size"
    columns = ("queue_line__size",)
    words = {str(value): str(label) for value, label in Size.choices}


FILTERS = (
    WaitingFilter,
    StateFilter,
    ScopeFilter,
    ProofFilter,
    GuardFilter,
    AssigneeFilter,
    VersionFilter,
    SizeFilter,
    GroundFilter,
    SourceFilter,
)

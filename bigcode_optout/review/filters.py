"""The queue's filters. Each choice is a condition, so that every filter's counts are one query."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import ModelAdmin
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from bigcode_optout.accounts.models import User
from bigcode_optout.claims.models import ClaimKind
from bigcode_optout.removals.models import RemovalRequest, RequestState, ScopeItem
from bigcode_optout.removals.queries import WAITING_ON_US
from bigcode_optout.review.words import PROOFS, STATES

_ALL = "all"
Condition = Q | Exists


class ConditionFilter(SimpleListFilter):
    """A list filter whose choices are conditions on a request."""

    def conditions(self, request: HttpRequest) -> Mapping[str, tuple[str, Condition]]:
        """By the value in the address: words and condition."""
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        """Values and words."""
        self.table = self.conditions(request)
        return [(value, words) for value, (words, _) in self.table.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[RemovalRequest]) -> QuerySet[RemovalRequest]:
        """The requests of the choice; all of them for a value that is none."""
        found = self.table.get(self.value() or "")
        return queryset.filter(found[1]) if found else queryset

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Everything, then each choice with its count; what has nothing is left out unless it is chosen."""
        counts = self.get_facet_queryset(changelist)
        yield self._choice(changelist, _ALL, "All")
        for place, (value, (words, _)) in enumerate(self.table.items()):
            choice = self._choice(changelist, value, f"{words} ({counts[f'{place}__c']:,})")
            if counts[f"{place}__c"] or choice["selected"]:
                yield choice

    def _choice(self, changelist: ChangeList, value: str, words: str) -> dict[str, Any]:
        return {
            "selected": (self.value() or _ALL) == value,
            "query_string": changelist.get_query_string({str(self.parameter_name): value}),
            "display": words,
        }

    def get_facet_counts(self, pk_attname: str, filtered_qs: QuerySet[Any]) -> dict[str, Count]:
        """How many requests each choice has."""
        conditions = (condition for _, condition in self.table.values())
        return {f"{place}__c": Count("pk", filter=Q(condition)) for place, condition in enumerate(conditions)}


class WaitingFilter(ConditionFilter):
    """On whom a request waits. The queue opens on what waits for us; a search looks everywhere."""

    title = "waiting on"
    parameter_name = "waiting"

    def conditions(self, request: HttpRequest) -> Mapping[str, tuple[str, Condition]]:
        """By state."""
        ours = Q(state__in=WAITING_ON_US)
        theirs = Q(state=RequestState.NEEDS_INFORMATION)
        return {"us": ("Us", ours), "requester": ("Requester", theirs), "nobody": ("Nobody", ~ours & ~theirs)}

    def value(self) -> str:
        """The choice in the address, else us; all when something is looked for."""
        return super().value() or (_ALL if self.request.GET.get(SEARCH_VAR) else "us")


class StateFilter(ConditionFilter):
    """Where a request stands."""

    title = "state"
    parameter_name = "state"

    def conditions(self, request: HttpRequest) -> Mapping[str, tuple[str, Condition]]:
        """In the lifecycle's order."""
        return {str(state): (mark.word, Q(state=state)) for state, mark in STATES.items()}


class ScopeFilter(ConditionFilter):
    """What the items stand on."""

    title = "scope"
    parameter_name = "scope"

    def conditions(self, request: HttpRequest) -> Mapping[str, tuple[str, Condition]]:
        """Everything of an owner, or single repositories."""
        owner, single = ScopeItem.Kind.OWNER, ScopeItem.Kind.REPOSITORY
        return {
            "account": ("A whole account", _has_item(kind=owner, claim__kind=ClaimKind.ACCOUNT)),
            "organisation": (
                "A whole organisation",
                _has_item(kind=owner, claim__kind=ClaimKind.ORGANISATION),
            ),
            "repository": ("Single repositories", _has_item(kind=single)),
        }


class ProofFilter(ConditionFilter):
    """What the machine made of at least one item."""

    title = "proof"
    parameter_name = "proof"

    def conditions(self, request: HttpRequest) -> Mapping[str, tuple[str, Condition]]:
        """The worst first."""
        return {str(state): (mark.word, _has_item(proof_state=state)) for state, mark in PROOFS.items()}


class AssigneeFilter(ConditionFilter):
    """On whose desk it is."""

    title = "assignee"
    parameter_name = "assignee"

    def conditions(self, request: HttpRequest) -> Mapping[str, tuple[str, Condition]]:
        """Nobody, then everybody who has something."""
        table: dict[str, tuple[str, Condition]] = {"none": ("Nobody", Q(assignee=None))}
        for user_id, username in _assignees(request):
            table[str(user_id)] = (username, Q(assignee_id=user_id))
        return table


def _has_item(**conditions: Any) -> Exists:
    return Exists(ScopeItem.objects.filter(request=OuterRef("pk"), **conditions))


def _assignees(request: HttpRequest) -> list[tuple[int, str]]:
    """People with assigned requests. Kept on the request: the admin makes each filter anew for every count."""
    kept: list[tuple[int, str]] | None = getattr(request, "desk_assignees", None)
    if kept is None:
        ids = (
            RemovalRequest.objects.filter(assignee__isnull=False).order_by().values("assignee_id").distinct()
        )
        kept = list(User.objects.filter(pk__in=ids).order_by("username").values_list("pk", "username"))
        request.desk_assignees = kept  # type: ignore[attr-defined]
    return kept

"""What a line of the queue says about a request, gathered for a whole page in a few queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from bigcode_optout.core import clock
from bigcode_optout.removals.models import LocateRun, RemovalRequest, RequestState, ScopeItem
from bigcode_optout.removals.owners import open_objections_of
from bigcode_optout.review.words import CLAIMS, GUARDS, PROOFS, Mark

NAMED_ITEMS = 2


@dataclass
class Line:
    """A request in short. `counts` says what the versions hold, or how the search goes."""

    scope: list[str]
    kinds: str
    counts: str
    proof: Mark
    guards: list[str] = field(default_factory=list)


def with_parts(requests: QuerySet[RemovalRequest]) -> QuerySet[RemovalRequest]:
    """The requests with what `lines` needs: people, the first items, the runs."""
    first = ScopeItem.objects.select_related("claim").order_by("kind", "name_key")[:NAMED_ITEMS]
    runs = LocateRun.objects.select_related("version").order_by("-version__data_date", "-version__name")
    objected = open_objections_of(OuterRef("pk"))
    return (
        requests.annotate(is_objected=Exists(objected))
        .select_related("requester", "assignee")
        .prefetch_related(
            "requester__identities",
            Prefetch("items", queryset=first, to_attr="first_items"),
            Prefetch("locate_runs", queryset=runs, to_attr="ordered_runs"),
        )
    )


def lines(requests: Sequence[RemovalRequest]) -> dict[int, Line]:
    """The line of each request that came out of `with_parts`, by the request's number. One query."""
    facts = _facts_by_request(requests)
    return {request.pk: _line(request, facts.get(request.pk, _Facts())) for request in requests}


@dataclass
class _Facts:
    """What the items of a request have in common."""

    item_count: int = 0
    proofs: set[str] = field(default_factory=set)
    guards: list[str] = field(default_factory=list)


def _facts_by_request(requests: Iterable[RemovalRequest]) -> dict[int, _Facts]:
    groups = (
        ScopeItem.objects.filter(request__in=[request.pk for request in requests])
        .order_by()
        .values("request_id", "proof_state", "assessment__guards")
        .annotate(item_count=Count("pk"))
    )
    facts: dict[int, _Facts] = {}
    for group in groups:
        one = facts.setdefault(group["request_id"], _Facts())
        one.item_count += group["item_count"]
        one.proofs.add(group["proof_state"])
        one.guards += [code for code in group["assessment__guards"] or [] if code not in one.guards]
    return facts


def _line(request: RemovalRequest, facts: _Facts) -> Line:
    items: list[ScopeItem] = request.first_items  # type: ignore[attr-defined]
    guards = [GUARDS.get(code, code) for code in facts.guards]
    if request.is_objected:  # type: ignore[attr-defined]
        guards.insert(0, "Objection")
    return Line(
        scope=_scope(items, facts.item_count),
        kinds=_kinds(items),
        counts=_counts(request),
        proof=next((mark for state, mark in PROOFS.items() if state in facts.proofs), PROOFS["unknown"]),
        guards=["Appeal", *guards] if request.was_appealed else guards,
    )


def _scope(items: Sequence[ScopeItem], item_count: int) -> list[str]:
    said = [in_short(item) for item in items]
    rest = item_count - len(items)
    if rest:
        said.append(f"and {rest:,} more")
    return said


def in_short(item: ScopeItem) -> str:
    """An item in one phrase: `everything under quillon-marsh`. Its `claim` is read."""
    if item.kind == ScopeItem.Kind.OWNER:
        kind = "organisation " if CLAIMS[item.claim.kind] == "organisation" else ""
        return f"everything under {kind}{item.name}"
    return f"repository {item.name}"


def _kinds(items: Sequence[ScopeItem]) -> str:
    """Which scope kinds, when not all three."""
    asked = items[0].kinds if items else []
    return "" if len(asked) == 3 else f"{' and '.join(asked)} only"


def _counts(request: RemovalRequest) -> str:
    runs: list[LocateRun] = request.ordered_runs  # type: ignore[attr-defined]
    if request.state == RequestState.SUBMITTED:
        later = request.next_attempt_at
        if request.attempt_count and later and later > clock.now():
            return f"search will be tried again at {later:%H:%M} UTC"
        return "search is under way"
    if not runs:
        return "no version to search"
    said = [_count(run, is_first=run is runs[0]) for run in runs]
    return ", ".join(said)


def _count(run: LocateRun, *, is_first: bool) -> str:
    if run.state != LocateRun.RunState.DONE:
        return f"{run.version.name} not searched"
    word = (" repository" if run.repository_count == 1 else " repositories") if is_first else ""
    return f"{run.repository_count:,}{word} in {run.version.name}"

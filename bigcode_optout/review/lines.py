"""Compute the queue's lines from the requests' own rows, write them beside each change, and find any that differ."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.forms.models import model_to_dict

from bigcode_optout.claims.models import ClaimKind
from bigcode_optout.removals.change_hooks import Changes
from bigcode_optout.removals.models import (
    LocateRun,
    Objection,
    RemovalRequest,
    RequestEvent,
    RequestState,
    ScopeItem,
    Statement,
)
from bigcode_optout.removals.owners import open_objections_of
from bigcode_optout.removals.queries import LIFTED
from bigcode_optout.review.line_models import QueueLine, Size, Source
from bigcode_optout.review.words import PROOFS

NAMED_ITEMS = 2
OBJECTION = "objection"
# What happens often and changes nothing that a line says.
_UNTOUCHED = frozenset({"note", "assign", "remind", "freeze", "hand_over"})
_DECIDED = ("accept", "deny", "conclude")
_OPEN = frozenset({RequestState.SUBMITTED, RequestState.IN_REVIEW, RequestState.NEEDS_INFORMATION})
_BATCH = 500
_KINDS = ("files", "commits", "issues")
_SIZES = ((0, Size.NOTHING), (9, Size.FEW), (99, Size.SOME), (999, Size.MANY))
_OF_REQUEST = OuterRef("pk")
_WAS_OBJECTED = Exists(Objection.objects.filter(request=_OF_REQUEST, taken_back_at=None))
_IS_STATED = Exists(Statement.objects.filter(request=_OF_REQUEST))
# The role of the last decision: a later one takes the place of an earlier one.
_DECIDED_BY = Subquery(
    RequestEvent.objects.filter(request=_OF_REQUEST, code__in=_DECIDED)
    .order_by("-number")
    .values("by_role")[:1]
)
_WRITTEN = [each.name for each in QueueLine._meta.concrete_fields if not each.primary_key]


def hear(changes: Changes) -> None:
    """Write the lines anew: part of the transaction that changes the requests."""
    touched = [request_id for request_id, what in changes.items() if not what <= _UNTOUCHED]
    if touched:
        _refresh(touched)


def refresh(*, request_id: int) -> None:
    """Write the line of one request. A draft has none."""
    _refresh([request_id])


def rebuild() -> int:
    """Write every line that is missing or says something else. Returns how many."""
    count = 0
    for wrong in differing():
        _refresh([line.pk for line in wrong])
        count += len(wrong)
    return count


@transaction.atomic
def _refresh(request_ids: Collection[int]) -> None:
    # Two who write a line at once would each keep what they read: one waits for the other.
    requests = RemovalRequest.objects.filter(pk__in=request_ids, submitted_at__isnull=False).order_by("pk")
    held = list(requests.select_for_update().values_list("pk", flat=True))
    if held:
        _write(facts_of(held))


def differing() -> Iterator[list[QueueLine]]:
    """The lines as they should be of requests that have none, or another one; in batches."""
    numbers = (
        RemovalRequest.objects.filter(submitted_at__isnull=False).order_by("pk").values_list("pk", flat=True)
    )
    last = 0
    while batch := list(numbers.filter(pk__gt=last)[:_BATCH]):
        last = batch[-1]
        kept = QueueLine.objects.in_bulk(batch)
        yield [
            line
            for pk, line in facts_of(batch).items()
            if pk not in kept or model_to_dict(kept[pk]) != model_to_dict(line)
        ]


def _write(lines: dict[int, QueueLine]) -> None:
    QueueLine.objects.bulk_create(
        lines.values(), update_conflicts=True, unique_fields=["request"], update_fields=_WRITTEN
    )


@dataclass
class _Seen:
    """What the items of one request have in common."""

    item_count: int = 0
    named: list[list[Any]] = field(default_factory=list)
    scopes: set[str] = field(default_factory=set)
    proofs: set[str] = field(default_factory=set)
    guards: set[str] = field(default_factory=set)
    has_accepted: bool = False

    def add(self, item: dict[str, Any]) -> None:
        self.item_count += 1
        if len(self.named) < NAMED_ITEMS:
            kinds = [kind for kind in _KINDS if item[kind]]
            self.named.append([item["kind"], item["claim__kind"], item["name"], kinds])
        self.scopes.add(scope_of(item["kind"], item["claim__kind"]))
        self.proofs.add(item["proof_state"])
        self.guards.update(item["assessment__guards"] or [])
        self.has_accepted |= item["state"] == ScopeItem.ItemState.ACCEPTED


def scope_of(kind: str, claim_kind: str) -> str:
    """What an item stands on, for the filter: `account`, `organisation`, `former_login`, `stated` or `repository`."""
    stays = claim_kind in (ClaimKind.FORMER_LOGIN, ClaimKind.STATED)
    return claim_kind if stays or kind == ScopeItem.Kind.OWNER else "repository"


def facts_of(request_ids: Collection[int]) -> dict[int, QueueLine]:
    """The lines as they should be, unsaved, by the request's number. Three queries, whatever the number of requests;
    one more where an owner has objected."""
    requests = RemovalRequest.objects.filter(pk__in=request_ids, submitted_at__isnull=False).order_by("pk")
    plain = ("pk", "state", "decided_at", "dataset_id")
    rows = list(requests.values_list(*plain, _WAS_OBJECTED, _IS_STATED, _DECIDED_BY))
    items = _items_by_request(request_ids)
    holdings = _holdings_by_request(request_ids)
    objected = _objected([pk for pk, *_, was_objected, _, _ in rows if was_objected])
    return {
        pk: _line(
            pk,
            seen=items.get(pk, _Seen()),
            holdings=holdings.get(pk, []),
            is_objected=pk in objected,
            source=Source.FORM if is_stated else Source.SITE,
            decided_by="" if state in _OPEN else decided_by or "",
            decided_at=decided_at,
            dataset_id=None if state in LIFTED else dataset_id,
        )
        for pk, state, decided_at, dataset_id, _, is_stated, decided_by in rows
    }


def _objected(request_ids: Collection[int]) -> set[int]:
    """Which of these have an objection that stands."""
    if not request_ids:
        return set()
    requests = RemovalRequest.objects.filter(Exists(open_objections_of(OuterRef("pk"))), pk__in=request_ids)
    return set(requests.values_list("pk", flat=True))


def _line(
    pk: int,
    *,
    seen: _Seen,
    holdings: list[list[Any]],
    is_objected: bool,
    source: Source,
    decided_by: str,
    decided_at: datetime | None,
    dataset_id: int | None,
) -> QueueLine:
    most = max((count for _, count in holdings if count), default=0)
    return QueueLine(
        request_id=pk,
        source=source.value,
        scopes=coded(seen.scopes),
        proof=next((state for state in PROOFS if state in seen.proofs), ScopeItem.ProofState.UNKNOWN.value),
        guards=coded(seen.guards | ({OBJECTION} if is_objected else set())),
        versions=coded(version for version, count in holdings if count),
        size=next((size for limit, size in _SIZES if most <= limit), Size.HUGE).value,
        item_count=seen.item_count,
        repository_count=most,
        scope=seen.named,
        holdings=holdings,
        decided_by=decided_by,
        decided_at=decided_at,
        standing_in_id=dataset_id if seen.has_accepted else None,
    )


def coded(codes: Iterable[str]) -> str:
    """Codes as a line keeps them: sorted, with a comma before, between and after."""
    listed = sorted(set(codes))
    return f",{','.join(listed)}," if listed else ""


def codes_in(text: str | None) -> list[str]:
    """The codes of such a text."""
    return text.strip(",").split(",") if text else []


def _items_by_request(request_ids: Collection[int]) -> dict[int, _Seen]:
    wanted = (
        "request_id",
        "kind",
        "claim__kind",
        "name",
        *_KINDS,
        "state",
        "proof_state",
        "assessment__guards",
    )
    items = ScopeItem.objects.filter(request__in=request_ids).order_by("kind", "name_key").values(*wanted)
    found: dict[int, _Seen] = defaultdict(_Seen)
    for item in items.iterator():
        found[item["request_id"]].add(item)
    return found


def _holdings_by_request(request_ids: Collection[int]) -> dict[int, list[list[Any]]]:
    runs = LocateRun.objects.filter(request__in=request_ids).order_by("-version__data_date", "-version__name")
    found: dict[int, list[list[Any]]] = defaultdict(list)
    for pk, version, state, count in runs.values_list(
        "request_id", "version__name", "state", "repository_count"
    ):
        found[pk].append([version, count if state == LocateRun.RunState.DONE else None])
    return found

"""Reads about requests. What belongs to a person is fetched through that person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from bigcode_optout.accounts.models import GitHubIdentity, User
from bigcode_optout.claims.authority import GUARD_SENTENCES, Guard
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Missing
from bigcode_optout.removals.models import (
    LocatedRepository,
    LocateRun,
    RemovalRequest,
    RequestEvent,
    RequestState,
    ScopeItem,
)

OTHERS_LIMIT = 50
WAITING_ON_US = (RequestState.SUBMITTED, RequestState.IN_REVIEW)
# States in which an accepted item does not stand any more.
LIFTED = (RequestState.WITHDRAWN, RequestState.OPTED_BACK_IN, RequestState.MERGED, RequestState.DRAFT)


def requests_of(user: User) -> QuerySet[RemovalRequest]:
    """The person's requests that were sent, newest first."""
    return (
        RemovalRequest.objects.filter(requester=user, submitted_at__isnull=False, erasure=None)
        .select_related("dataset")
        .prefetch_related("items")
        .order_by("-submitted_at")
    )


def request_of(user: User, reference: str) -> RemovalRequest:
    """The person's own request. Raises `Missing`, also for somebody else's."""
    found = requests_of(user).filter(reference=reference).first()
    if found is None:
        raise Missing("no_request", "There is no such request of yours.")
    return found


def sent_request(reference: str) -> RemovalRequest:
    """Anybody's request, for the desk. Raises `Missing`, also for what was erased."""
    found = RemovalRequest.objects.filter(reference=reference, submitted_at__isnull=False, erasure=None)
    request = found.select_related("dataset", "requester", "merged_into", "statement").first()
    if request is None:
        raise Missing("no_request", "There is no such request.")
    return request


def draft_or_sent(user: User, request_id: int) -> RemovalRequest:
    """The person's own request by its number in the database. Raises `Missing`, also for somebody else's."""
    found = RemovalRequest.objects.filter(requester=user, pk=request_id).select_related("dataset").first()
    if found is None:
        raise Missing("no_request", "There is no such request of yours.")
    return found


def parts_of(request: RemovalRequest) -> list[ScopeItem]:
    """The request's items with their claims, proofs and decisions, newest decision first."""
    items = request.items.select_related("claim__present").prefetch_related(
        "claim__proofs", "claim__present__proofs", "decisions"
    )
    return list(items)


def queue() -> QuerySet[RemovalRequest]:
    """What waits for a reviewer's decision, most urgent first."""
    return RemovalRequest.objects.filter(state=RequestState.IN_REVIEW).order_by("due_at", "pk")


def taken_up_at(request: RemovalRequest) -> datetime:
    """When it began to be looked for: sent, or brought back after it was merged."""
    revived = request.events.filter(code="revive").order_by("-number").first()
    return revived.happened_at if revived else request.submitted_at or clock.now()


def standing_items(dataset_id: int) -> QuerySet[ScopeItem]:
    """Accepted items that stand: what the next freeze takes."""
    return (
        ScopeItem.objects.filter(request__dataset_id=dataset_id, state=ScopeItem.ItemState.ACCEPTED)
        .exclude(request__state__in=LIFTED)
        .order_by("pk")
    )


@dataclass(frozen=True)
class Finding:
    """What one version holds of one item. Bytes are of the files' contents."""

    run: LocateRun
    repository_count: int
    file_count: int
    byte_count: int


def findings_of(request: RemovalRequest) -> dict[int, list[Finding]]:
    """What every version holds of every item, by the item's number, newest version first."""
    found = request.locate_runs.select_related("version__current_build").defer(
        "version__current_build__manifest"
    )
    runs = {run.pk: run for run in found}
    sums = (
        LocatedRepository.objects.filter(run__in=runs)
        .values("run_id", "item_id")
        .annotate(repositories=Count("pk"), files=Sum("file_count"), size=Sum("byte_count"))
    )
    by_pair = {(row["run_id"], row["item_id"]): row for row in sums}
    return {
        item.pk: [_finding(run, by_pair.get((run.pk, item.pk))) for run in runs.values()]
        for item in request.items.all()
    }


def _finding(run: LocateRun, row: Mapping[str, Any] | None) -> Finding:
    if row is None:
        return Finding(run, 0, 0, 0)
    return Finding(run, row["repositories"], row["files"], row["size"])


def history_of(request: RemovalRequest, *, with_internal: bool) -> list[RequestEvent]:
    """What happened, oldest first; internal lines for reviewers only."""
    events = request.events.select_related("by", "words")
    return list(events if with_internal else events.filter(is_internal=False))


def asked_before(draft: RemovalRequest) -> list[RemovalRequest]:
    """The person's own earlier requests about the dataset that still run or stand and have a part of the draft."""
    wanted = Q()
    for item in draft.items.all():
        wanted |= Q(items__kind=item.kind, items__name_key=item.name_key)
    if not wanted:
        return []
    ended = (*LIFTED, RequestState.DENIED, RequestState.EXPIRED)
    earlier = requests_of(draft.requester).filter(dataset=draft.dataset_id).exclude(state__in=ended)
    return list(earlier.filter(wanted).distinct()[:5])


def open_question(request: RemovalRequest) -> RequestEvent | None:
    """The question that waits for the requester's answer, or None."""
    if request.state != RequestState.NEEDS_INFORMATION:
        return None
    return request.events.filter(code="ask").select_related("words").order_by("-number").first()


def others_about_the_same(request: RemovalRequest) -> list[ScopeItem]:
    """Items of other requests, by anybody, that touch the same owner or repository, the oldest first, up to
    `OTHERS_LIMIT`; each with its claim, its request, and the requester's first `login` or None. One query."""
    items = list(request.items.all())
    owners = {item.name_key.partition("/")[0] for item in items}
    # An owner item touches every repository of the owner and the other way round.
    touching = Q(name_key__in=owners) | Q(name_key__in=[item.name_key for item in items])
    for item in items:
        if item.kind == ScopeItem.Kind.OWNER:
            touching |= Q(name_key__startswith=f"{item.name_key}/")
    ids = [item.owner_id for item in items if item.owner_id]
    identities = GitHubIdentity.objects.filter(user=OuterRef("request__requester"))
    first_login = identities.values("login")[:1]
    return list(
        ScopeItem.objects.filter(touching | Q(owner_id__in=ids))
        .exclude(request=request)
        .exclude(request__state=RequestState.DRAFT)
        .annotate(login=Subquery(first_login))
        .select_related("request__requester", "claim")
        .order_by("request__submitted_at")[:OTHERS_LIMIT]
    )


def guard_sentences(item: ScopeItem) -> list[tuple[str, str]]:
    """The guards that fired for an item: code and sentence."""
    return [(code, GUARD_SENTENCES[Guard(code)]) for code in item.assessment.get("guards", [])]


def median_decision_seconds(since: datetime) -> float | None:
    """Median time from submission to decision of what was decided since then, in seconds; None when nothing was."""
    pairs: Iterable[tuple[datetime | None, datetime | None]] = RemovalRequest.objects.filter(
        decided_at__gte=since
    ).values_list("submitted_at", "decided_at")
    lengths = sorted((end - start).total_seconds() for start, end in pairs if start and end)
    if not lengths:
        return None
    middle = len(lengths) // 2
    return lengths[middle] if len(lengths) % 2 else (lengths[middle - 1] + lengths[middle]) / 2

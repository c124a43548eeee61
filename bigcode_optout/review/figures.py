"""The figures on top of the queue: how much waits, for whom, and how quickly it is decided."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q

from bigcode_optout.core import clock
from bigcode_optout.releases.models import Release
from bigcode_optout.releases.queries import next_release
from bigcode_optout.removals.models import RemovalRequest, RequestState
from bigcode_optout.removals.queries import WAITING_ON_US, median_decision_seconds, standing_items

SOON = timedelta(days=7)
MEDIAN_OVER = timedelta(days=30)
_DAY = 86400


@dataclass(frozen=True)
class QueueFigures:
    """Numbers of requests, except `median_seconds` (None when nothing was decided in the last 30 days).

    `next_count`: accepted requests that stand and that the next freeze takes, also those of earlier lists.
    """

    waiting_on_us: int
    waiting_on_requester: int
    overdue: int
    due_soon: int
    decided_today: int
    median_seconds: float | None
    next_release: Release | None
    next_count: int

    @property
    def is_slow(self) -> bool:
        """True when the median is a day or more."""
        return self.median_seconds is not None and self.median_seconds >= _DAY

    @property
    def median_days(self) -> str:
        """The median in days with one decimal."""
        return f"{(self.median_seconds or 0) / _DAY:,.1f}"


def queue_figures() -> QueueFigures:
    """The figures of this moment, in four queries whatever the number of requests."""
    now = clock.now()
    release = next_release(settings.DATASET)
    return QueueFigures(
        **_counts(now),
        median_seconds=median_decision_seconds(now - MEDIAN_OVER),
        next_release=release,
        next_count=_standing_count(release),
    )


def _counts(now: datetime) -> dict[str, int]:
    ours = Q(state__in=WAITING_ON_US)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return RemovalRequest.objects.aggregate(
        waiting_on_us=Count("pk", filter=ours),
        waiting_on_requester=Count("pk", filter=Q(state=RequestState.NEEDS_INFORMATION)),
        overdue=Count("pk", filter=ours & Q(due_at__lt=now)),
        due_soon=Count("pk", filter=ours & Q(due_at__gte=now, due_at__lt=now + SOON)),
        decided_today=Count("pk", filter=Q(decided_at__gte=midnight)),
    )


def _standing_count(release: Release | None) -> int:
    """Requests, not items: what people wait for."""
    if release is None:
        return 0
    return standing_items(release.dataset_id).order_by().values("request_id").distinct().count()

"""The figures on top of the queue: how much waits, for whom, how quickly and by whom it is decided, day by day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, DateField, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import TruncDate

from bigcode_optout.core import clock
from bigcode_optout.releases.models import Release
from bigcode_optout.releases.queries import next_release
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import RemovalRequest, RequestState
from bigcode_optout.removals.queries import WAITING_ON_US
from bigcode_optout.review.chart import DAYS, Chart
from bigcode_optout.review.line_models import QueueLine

SOON = timedelta(days=7)
MEDIAN_OVER = timedelta(days=30)
_DAY = 86400
_OPEN = ("waiting_on_us", "waiting_on_requester", "overdue", "due_soon")


@dataclass(frozen=True)
class QueueFigures:
    """Numbers of requests, except `median_seconds` and `policy_percent` (None when nothing was decided in the last 30
    days; requests decided by the policy alone, of all that were decided).

    `next_count`: accepted requests that stand and that the next freeze takes, also those of earlier lists.
    """

    waiting_on_us: int
    waiting_on_requester: int
    overdue: int
    due_soon: int
    decided_today: int
    median_seconds: float | None
    policy_percent: int | None
    next_release: Release | None
    next_count: int
    chart: Chart

    @property
    def is_slow(self) -> bool:
        """True when the median is a day or more."""
        return self.median_seconds is not None and self.median_seconds >= _DAY

    @property
    def median_days(self) -> str:
        """The median in days with one decimal."""
        return f"{(self.median_seconds or 0) / _DAY:,.1f}"


def queue_figures(counts: Mapping[str, int] | None = None) -> QueueFigures:
    """The figures of this moment, in six queries whatever the number of requests; one less with `counts`, those of
    `open_counts`."""
    now = clock.now()
    release = next_release(settings.DATASET)
    decided = _decided_by_day(now - MEDIAN_OVER)
    total = sum(number for number, _ in decided.values())
    by_policy = sum(number for _, number in decided.values())
    today = clock.today()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    received = _received_by_day(
        now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS - 1)
    )
    return QueueFigures(
        **{name: count for name, count in (counts or open_counts()).items() if name in _OPEN},
        decided_today=decided.get(today, (0, 0))[0],
        median_seconds=_median_seconds(now - MEDIAN_OVER, total),
        policy_percent=round(100 * by_policy / total) if total else None,
        next_release=release,
        next_count=_standing_count(release),
        chart=Chart(
            days,
            [received.get(each, 0) for each in days],
            [decided.get(each, (0, 0))[0] for each in days],
        ),
    )


# What is counted is a column of the index that is read: a count of `pk` reads the requests with all their text.
def open_counts(**more: Q) -> dict[str, int]:
    """How many of the open requests wait for whom and since when, and of how many among those that wait on us the
    conditions hold. One query."""
    now = clock.now()
    ours, theirs = Q(state__in=WAITING_ON_US), Q(state=RequestState.NEEDS_INFORMATION)
    conditions = {
        "waiting_on_us": ours,
        "waiting_on_requester": theirs,
        "overdue": ours & Q(due_at__lt=now),
        "due_soon": ours & Q(due_at__gte=now, due_at__lt=now + SOON),
        **{name: ours & condition for name, condition in more.items()},
    }
    counts = {name: Count("state", filter=condition) for name, condition in conditions.items()}
    return RemovalRequest.objects.filter(ours | theirs).aggregate(**counts)


def _decided_by_day(since: datetime) -> dict[date, tuple[int, int]]:
    """Requests decided each day, and those among them that the policy alone decided."""
    days = (
        QueueLine.objects.filter(decided_at__gte=since)
        .annotate(day=TruncDate("decided_at", output_field=DateField()))
        .values("day")
        .annotate(number_of=Count("*"), by_policy=Count("decided_by", filter=Q(decided_by=Role.POLICY.value)))
    )
    return {row["day"]: (row["number_of"], row["by_policy"]) for row in days}


def _received_by_day(since: datetime) -> dict[date, int]:
    days = (
        RemovalRequest.objects.filter(submitted_at__gte=since)
        .order_by()
        .annotate(day=TruncDate("submitted_at", output_field=DateField()))
        .values_list("day")
        .annotate(number_of=Count("*"))
    )
    return dict(days)


def _median_seconds(since: datetime, total: int) -> float | None:
    """From submission to decision, of the `total` requests decided since then; the database sorts, and gives the
    middle."""
    if not total:
        return None
    length = ExpressionWrapper(F("decided_at") - F("submitted_at"), output_field=DurationField())
    lengths = (
        RemovalRequest.objects.filter(decided_at__gte=since, submitted_at__isnull=False)
        .annotate(length=length)
        .order_by("length")
        .values_list("length", flat=True)
    )
    middle = [each.total_seconds() for each in lengths[(total - 1) // 2 : total // 2 + 1]]
    return sum(middle) / len(middle) if middle else None


def _standing_count(release: Release | None) -> int:
    """Requests, not items: what people wait for."""
    if release is None:
        return 0
    return QueueLine.objects.filter(standing_in=release.dataset_id).count()

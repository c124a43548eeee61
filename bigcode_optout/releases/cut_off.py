"""Until when a request has to be sent to be on the next list for sure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from bigcode_optout.core import clock
from bigcode_optout.releases.models import Release
from bigcode_optout.releases.queries import next_release


@dataclass(frozen=True)
class CutOff:
    """The planned freeze of the next list. What is sent earlier than `send_before` is decided by then: a decision takes
    DECISION_DAYS at most. Later requests are in if they are decided sooner."""

    release: Release
    freeze_at: datetime

    @property
    def send_before(self) -> datetime:
        """Midnight, in UTC, at the beginning of the day from which on it may be too late."""
        # A decision is due at the end of its day.
        last = self.freeze_at - timedelta(days=settings.DECISION_DAYS)
        return last.replace(hour=0, minute=0, second=0, microsecond=0)

    @property
    def is_open(self) -> bool:
        """True while what is sent now is in time for sure."""
        return clock.now() < self.send_before


def cut_off_of(dataset: str) -> CutOff | None:
    """The cut-off of the next list; None when none is planned, or its day is over."""
    release = next_release(dataset)
    if release is None or release.freeze_planned_at is None or release.freeze_planned_at <= clock.now():
        return None
    return CutOff(release, release.freeze_planned_at)

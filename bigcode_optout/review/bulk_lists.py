"""Bulk runs to be found again: those that go on, and one's own of the last days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.review.bulk_models import BulkRun, BulkStep

SHOWN = 100
DAYS = 30
_Outcome = BulkStep.Outcome
_State = BulkRun.RunState


@dataclass(frozen=True)
class RunLine:
    """A run with how far it is."""

    run: BulkRun
    counts: dict[str, int]

    @property
    def title(self) -> str:
        """The verb, and of how many."""
        number = sum(self.counts.values())
        return f"{self.run.get_verb_display()}: {number:,} request{'' if number == 1 else 's'}"

    @property
    def at(self) -> datetime:
        """When it was planned, begun or ended, the last of these."""
        return self.run.finished_at or self.run.started_at or self.run.planned_at

    @property
    def told(self) -> str:
        """How far it is, in words."""
        if self.run.state == _State.PLANNED:
            return "not begun"
        done = [
            f"{self.counts[_Outcome.DONE]:,} done",
            f"{self.counts[_Outcome.LEFT_OUT]:,} left out",
            f"{self.counts[_Outcome.FAILED]:,} failed",
        ]
        said = done if self.counts[_Outcome.FAILED] else done[:2]
        word = "goes on" if self.run.state == _State.RUNNING else "ended"
        return f"{word}, {', '.join(said)}"


def runs_for(user: User) -> list[RunLine]:
    """Everybody's runs that go on, and this person's plans and runs of the last days; the newest first. One query."""
    own = Q(started_by=user, planned_at__gte=clock.now() - timedelta(days=DAYS))
    counts = {
        f"{outcome}_number": Count("steps", filter=Q(steps__outcome=outcome)) for outcome in _Outcome.values
    }
    found = BulkRun.objects.filter(own | Q(state=_State.RUNNING)).select_related("started_by")
    return [
        RunLine(run, {outcome: getattr(run, f"{outcome}_number") for outcome in _Outcome.values})
        for run in found.annotate(**counts).order_by("-planned_at", "-pk")[:SHOWN]
    ]

"""What a release manager sees of a preparation: how far it is, what changed, what a reviewer has to decide."""

from collections.abc import Sequence
from dataclasses import dataclass

from bigcode_optout.releases import readiness
from bigcode_optout.releases.models import Preparation, Recheck, Release
from bigcode_optout.removals.models import RequestEvent

# What is told row by row; of each so many.
_TOLD = (Recheck.Outcome.MOVED, Recheck.Outcome.RENAMED, Recheck.Outcome.GONE, Recheck.Outcome.SILENT)
ROWS = 100


@dataclass(frozen=True)
class Shown:
    """The last preparation of a release. `rows`: what changed or was not answered; `left_out`: rows beyond `ROWS`."""

    warning: str
    preparation: Preparation | None = None
    figures: readiness.Figures | None = None
    rows: Sequence[Recheck] = ()
    left_out: int = 0
    told: Sequence[RequestEvent] = ()

    @property
    def is_live(self) -> bool:
        """True while it has not ended."""
        return self.preparation is not None and self.preparation.finished_at is None


def shown_of(release: Release) -> Shown:
    """A handful of queries, whatever the number of questions."""
    last = readiness.newest(release)
    warning = readiness.warning(release)
    if last is None:
        return Shown(warning)
    rows = last.rechecks.filter(outcome__in=_TOLD)
    found = sorted(rows[:ROWS], key=lambda row: _TOLD.index(Recheck.Outcome(row.outcome)))
    figures = readiness.figures_of(last)
    left_out = sum(figures.outcomes[outcome] for outcome in _TOLD) - len(found)
    return Shown(warning, last, figures, found, left_out, readiness.told_of(last))

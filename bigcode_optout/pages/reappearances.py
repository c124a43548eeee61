"""What versions that came later hold of a request, for its requester."""

from dataclasses import dataclass
from datetime import datetime

from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.releases.models import Reappearance, Release
from bigcode_optout.releases.queries import reappearances_of
from bigcode_optout.removals.models import RemovalRequest

_SHOWN = 100


@dataclass(frozen=True)
class BackIn:
    """What one version holds of the request. `repositories`: each once; all of them unexpected, or none."""

    version: DatasetVersion
    is_unexpected: bool
    excluded_since: Release | None
    seen_at: datetime
    repositories: list[Reappearance]

    @property
    def shown(self) -> list[Reappearance]:
        """Those that are named on the page."""
        return self.repositories[:_SHOWN]

    @property
    def rest_count(self) -> int:
        """How many are not named."""
        return len(self.repositories) - len(self.shown)


def back_in(request: RemovalRequest) -> list[BackIn]:
    """What should not be there first; then what a version has that was not here when the request was searched.

    What was found in the versions of the request's own search stands on its page already.
    """
    searched = set(request.locate_runs.values_list("version_id", flat=True))
    groups: dict[tuple[bool, int], dict[tuple[str, int | None], Reappearance]] = {}
    for row in reappearances_of(request):
        version_id = row.sweep.version_id
        if row.is_unexpected or version_id not in searched:
            group = groups.setdefault((not row.is_unexpected, version_id), {})
            group.setdefault((row.full_name, row.repository_id), row)
    return [
        _back_in(list(group.values())) for _, group in sorted(groups.items(), key=lambda pair: pair[0][0])
    ]


def _back_in(rows: list[Reappearance]) -> BackIn:
    sweep = rows[0].sweep
    lists = [row.excluded_since for row in rows if row.excluded_since is not None]
    first = min(lists, key=lambda release: (release.frozen_at is None, release.frozen_at), default=None)
    return BackIn(sweep.version, rows[0].is_unexpected, first, sweep.finished_at or sweep.started_at, rows)

"""Sweep a version for everything that stands: one search of its index, and what is found replaces what was."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.catalog.queries import find
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Missing, Unavailable
from bigcode_optout.datasetindex import IndexBroken, IndexedRepository
from bigcode_optout.names import fold
from bigcode_optout.releases.models import Reappearance, Release, VersionSweep
from bigcode_optout.releases.queries import newest_frozen
from bigcode_optout.releases.sought import OWNER, Binding, Sought, everything_sought

logger = logging.getLogger(__name__)
_BATCH = 1000
_LONGEST_WAIT = timedelta(hours=1)
FoundBy = Reappearance.FoundBy
_PLAINEST = (FoundBy.NAME, FoundBy.SPELLING, FoundBy.NUMBER)


def sweep(*, version_id: int) -> VersionSweep:
    """Sweep the build that answers for the version now; what is found takes the place of what was found before.

    May run any number of times. Raises `Missing` without a build, `Conflict` while another worker is at it or when one
    took over, and `Unavailable` when the index cannot be read; the sweep then says why, and is tried again later.
    """
    mine, version = _take(version_id)
    try:
        rows, rule_count = _search(mine, version)
    except IndexBroken as error:
        logger.exception("version %s cannot be swept", version_id)
        _fail(mine, str(error))
        raise Unavailable("index_broken", f"{version} could not be swept: {error}") from error
    return _keep(mine, rows, rule_count=rule_count)


def due() -> list[int]:
    """Versions whose current build was not swept, or not since the newest freeze, and that nobody is at."""
    versions = DatasetVersion.objects.filter(current_build__isnull=False).select_related("dataset", "sweep")
    return [version.pk for version in versions if _is_due(version)]


def _is_due(version: DatasetVersion) -> bool:
    now = clock.now()
    found: VersionSweep | None = getattr(version, "sweep", None)
    if found is None:
        return True
    if found.state == VersionSweep.SweepState.RUNNING:
        return found.lease_until is None or found.lease_until < now
    if found.build_id != version.current_build_id:
        return True
    if found.state == VersionSweep.SweepState.FAILED:
        return found.next_attempt_at is None or found.next_attempt_at <= now
    newest = newest_frozen(version.dataset.slug)
    return newest is not None and newest.frozen_at is not None and found.started_at < newest.frozen_at


@transaction.atomic
def _take(version_id: int) -> tuple[VersionSweep, DatasetVersion]:
    """Begin a try. The version is locked, so that two workers do not begin at once."""
    DatasetVersion.objects.select_for_update().get(pk=version_id)
    version = DatasetVersion.objects.select_related("current_build", "dataset").get(pk=version_id)
    if version.current_build is None:
        raise Missing("no_index", f"Version {version} has no index.")
    now = clock.now()
    mine = VersionSweep.objects.filter(version=version).first() or VersionSweep(version=version)
    is_running = mine.pk is not None and mine.state == VersionSweep.SweepState.RUNNING
    if is_running and mine.lease_until is not None and mine.lease_until >= now:
        raise Conflict("sweep_runs", f"{version} is being swept just now.")
    mine.build, mine.state, mine.number = (
        version.current_build,
        VersionSweep.SweepState.RUNNING,
        mine.number + 1,
    )
    mine.started_at = now
    mine.lease_until = now + timedelta(seconds=settings.SWEEP_LEASE_SECONDS)
    mine.save()
    return mine, version


@dataclass
class _Asked:
    """What is looked for, by folded owner, folded full name and repository number."""

    owners: dict[str, list[Sought]] = field(default_factory=dict)
    names: dict[str, list[Sought]] = field(default_factory=dict)
    numbers: dict[int, list[Sought]] = field(default_factory=dict)

    @classmethod
    def for_version(cls, version: DatasetVersion, sought: Iterable[Sought]) -> "_Asked":
        asked = cls()
        for each in sought:
            if each.names_in(version):
                by_name = asked.owners if each.kind == OWNER else asked.names
                by_name.setdefault(fold(each.name), []).append(each)
            if each.repo_id is not None:
                asked.numbers.setdefault(each.repo_id, []).append(each)
        return asked

    @property
    def count(self) -> int:
        """Different names and numbers."""
        return len(self.owners) + len(self.names) + len(self.numbers)

    def covering(self, found: IndexedRepository) -> Iterator[tuple[Sought, str]]:
        """What covers the repository, and by what."""
        full_name, key = found.repo_name, fold(found.repo_name)
        owner = full_name.partition("/")[0]
        for each in self.owners.get(key.partition("/")[0], ()):
            yield each, FoundBy.NAME if each.name == owner else FoundBy.SPELLING
        for each in self.names.get(key, ()):
            yield each, FoundBy.NAME if each.name == full_name else FoundBy.SPELLING
        if found.repo_id is not None:
            for each in self.numbers.get(found.repo_id, ()):
                yield each, FoundBy.NUMBER


def _search(mine: VersionSweep, version: DatasetVersion) -> tuple[list[Reappearance], int]:
    """One row for each item and repository. All of them are held in memory: about 1 kB each."""
    asked = _Asked.for_version(version, everything_sought(version.dataset))
    binding, rows = Binding(version), []
    if not asked.count:
        return [], 0
    matches = find(version, owners=asked.owners, repositories=asked.names, repository_ids=asked.numbers)
    for match in matches:
        found = match.repository
        by_item: dict[int, list[tuple[Sought, str]]] = {}
        for each, found_by in asked.covering(found):
            by_item.setdefault(each.item_id, []).append((each, found_by))
        for item_id, reasons in by_item.items():
            since = _earliest(reasons)
            rows.append(
                Reappearance(
                    sweep=mine,
                    item_id=item_id,
                    full_name=found.repo_name,
                    repository_id=found.repo_id,
                    file_count=found.files,
                    byte_count=found.bytes,
                    found_by=min((found_by for _, found_by in reasons), key=_PLAINEST.index),
                    excluded_since=since,
                    is_unexpected=binding.is_bound(since),
                )
            )
    return rows, asked.count


def _earliest(reasons: Iterable[tuple[Sought, str]]) -> Release | None:
    """The list that had it first."""
    lists = [each.since for each, _ in reasons if each.since is not None]
    return min(lists, key=lambda release: (release.frozen_at is None, release.frozen_at), default=None)


@transaction.atomic
def _keep(mine: VersionSweep, rows: list[Reappearance], *, rule_count: int) -> VersionSweep:
    """Replace what the sweep before found; a reader sees all of the one or all of the other."""
    held = _still_mine(mine)
    held.reappearances.all().delete()
    Reappearance.objects.bulk_create(rows, batch_size=_BATCH)
    held.state, held.finished_at = VersionSweep.SweepState.DONE, clock.now()
    held.lease_until = held.next_attempt_at = None
    held.failure, held.failure_count, held.rule_count = "", 0, rule_count
    held.found_count = len({(row.full_name, row.repository_id) for row in rows})
    held.save()
    return held


@transaction.atomic
def _fail(mine: VersionSweep, reason: str) -> None:
    """Say why, and try again later and later: 2 minutes, 4 minutes, … an hour."""
    held = _still_mine(mine)
    held.state, held.failure, held.lease_until = VersionSweep.SweepState.FAILED, reason[:400], None
    held.failure_count += 1
    wait = min(_LONGEST_WAIT, timedelta(minutes=2 ** min(held.failure_count, 10)))
    held.next_attempt_at = clock.now() + wait
    held.save()


def _still_mine(mine: VersionSweep) -> VersionSweep:
    """The row, locked. Raises `Conflict` when another worker took over because this one was silent."""
    held = VersionSweep.objects.select_for_update(of=("self",)).get(pk=mine.pk)
    if held.number != mine.number:
        raise Conflict("sweep_taken_over", "Another worker sweeps the version by now.")
    return held

"""What a release manager sees of a release after its hand-over: reports, findings, how far it is told, its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bigcode_optout.releases.findings import Concerned, findings_of
from bigcode_optout.releases.models import (
    Finding,
    Publication,
    Release,
    ReleaseEvent,
    ReleaseState,
    Verification,
)
from bigcode_optout.releases.planning import patch_name

ROWS = 100


@dataclass(frozen=True)
class Proof:
    """`findings`: the worst ones, at most `ROWS`; `finding_count`: all of them. `patch`: the release in the place of a
    failed one, `patch_name`: what it may be called while there is none."""

    verifications: Sequence[Verification]
    findings: Sequence[Concerned]
    finding_count: int
    publication: Publication | None
    patch: Release | None
    patch_name: str

    @property
    def left_out(self) -> int:
        """Findings that are not shown."""
        return self.finding_count - len(self.findings)


def proof_of(release: Release) -> Proof:
    """At most seven queries."""
    reports = list(release.verifications.select_related("recorded_by").defer("report"))
    has_failed = release.state == ReleaseState.FAILED
    found = findings_of(release, limit=ROWS) if has_failed else []
    count = Finding.objects.filter(verification__release=release).count() if has_failed else 0
    publication = Publication.objects.filter(release=release).select_related("published_by").first()
    patch = release.patches.first() if has_failed else None
    name = patch_name(release) if has_failed and patch is None else ""
    return Proof(reports, found, count, publication, patch, name)


_TITLES: Mapping[str, str] = {
    "plan": "Planned",
    "replan": "Planned anew",
    "freeze": "Frozen",
    "hand_over": "Handed over",
    "verify": "A clean report recorded",
    "fail": "A report with findings recorded",
    "publish": "Published",
}


@dataclass(frozen=True)
class Happened:
    """An event in words."""

    event: ReleaseEvent
    title: str


def history_of(release: Release) -> list[Happened]:
    """What happened, oldest first. What a script or the command line did has no person."""
    return [
        Happened(event, _TITLES.get(event.code, event.code)) for event in release.events.select_related("by")
    ]

"""What each version holds of a part, in figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from bigcode_optout.removals.models import LocateRun
from bigcode_optout.removals.queries import Finding
from bigcode_optout.review.parts import Part
from bigcode_optout.review.words import Mark


@dataclass(frozen=True)
class VersionLine:
    """A part in one version. `resolved` says how many repositories are proven, by number or by name."""

    version: str
    is_searched: bool
    failure: str
    repository_count: int
    file_count: int
    byte_count: int
    resolved: Mark | None
    by_id: int
    by_name: int


def version_lines(part: Part, findings: dict[int, list[Finding]]) -> list[VersionLine]:
    """The part in each version, newest first. `findings` as `removals.queries.findings_of` gives them."""
    return [
        _version_line(part, same_run)
        for same_run in zip(*(findings[item.pk] for item in part.items), strict=True)
    ]


def _version_line(part: Part, findings: Sequence[Finding]) -> VersionLine:
    run = findings[0].run
    seen = [item.assessment.get("versions", {}).get(run.version.name, {}) for item in part.items]
    by_id, by_name = sum(one.get("by_id", 0) for one in seen), sum(one.get("by_name", 0) for one in seen)
    count = sum(one.repository_count for one in findings)
    return VersionLine(
        version=run.version.name,
        is_searched=run.state == LocateRun.RunState.DONE,
        failure=run.failure,
        repository_count=count,
        file_count=sum(one.file_count for one in findings),
        byte_count=sum(one.byte_count for one in findings),
        resolved=_resolved(by_id + by_name, count) if any(seen) and count else None,
        by_id=by_id,
        by_name=by_name,
    )


def _resolved(proven: int, count: int) -> Mark:
    words = f"{proven:,} of {count:,}"
    if proven >= count:
        return Mark(words, "good", True)
    return Mark(words, "wait" if proven else "bad")

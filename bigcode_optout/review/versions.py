"""What each version holds of a part, in figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bigcode_optout.catalog.copies_elsewhere import copied_files
from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.removals.models import LocateRun, ScopeItem
from bigcode_optout.removals.queries import Finding
from bigcode_optout.review.parts import SINGLE_LIMIT, Part
from bigcode_optout.review.words import Mark


@dataclass(frozen=True)
class VersionLine:
    """A part in one version. `resolved` says how many repositories are proven, by number or by name; figures that the
    version does not record, and copies that are not measurable, are None."""

    version: str
    data_date: date
    is_searched: bool
    failure: str
    repository_count: int
    file_count: int | None
    byte_count: int | None
    copied_count: int | None
    resolved: Mark | None
    by_id: int
    by_name: int
    is_deduplicated: bool


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
        data_date=run.version.data_date,
        is_searched=run.state == LocateRun.RunState.DONE,
        failure=run.failure,
        repository_count=count,
        file_count=sum(one.file_count for one in findings) if run.version.has_file_counts else None,
        byte_count=sum(one.byte_count for one in findings) if run.version.has_sizes else None,
        copied_count=_copied(part, run.version) if count else None,
        resolved=_resolved(by_id + by_name, count) if any(seen) and count else None,
        by_id=by_id,
        by_name=by_name,
        is_deduplicated=run.version.deduplicated != DatasetVersion.Deduplicated.NO,
    )


def _copied(part: Part, version: DatasetVersion) -> int | None:
    """Files of the part that stand with other owners, too. Many single repositories are not asked one by one."""
    owners = [item.name for item in part.items if item.kind == ScopeItem.Kind.OWNER]
    repositories = [item.name for item in part.items if item.kind == ScopeItem.Kind.REPOSITORY]
    if len(repositories) > SINGLE_LIMIT:
        return None
    return copied_files(version, owners=owners, repositories=repositories)


def _resolved(proven: int, count: int) -> Mark:
    words = f"{proven:,} of {count:,}"
    if proven >= count:
        return Mark(words, "good", True)
    return Mark(words, "wait" if proven else "bad")

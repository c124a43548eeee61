"""What speaks against publishing a verified release although no rule forbids it. Each has to be said yes to."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Sum

from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.releases.counted import counted_reports, kinds_to_verify
from bigcode_optout.releases.models import Release
from bigcode_optout.releases.queries import unexpected_by_version

BACK, NO_CONTROL, FEW_ROWS = "back", "no-control", "few-rows"
DOUBTS = (BACK, NO_CONTROL, FEW_ROWS)
# Of these schemas a row is a file, of the others that an index is built from a repository.
_ROW_IS_A_FILE = ("v1", "v2")
_FAR_SMALLER = 2


@dataclass(frozen=True)
class Doubt:
    """A code to say yes to, and a sentence for people."""

    code: str
    sentence: str


def doubts_of(release: Release, version: str) -> list[Doubt]:
    """In a fixed order; empty when nothing speaks against it. About eight queries."""
    return [*_back(release, version), *_no_control(release, version), *_few_rows(release, version)]


def _back(release: Release, version: str) -> Iterator[Doubt]:
    if count := unexpected_by_version(release.dataset.slug).get(version):
        yield Doubt(
            BACK,
            f"Our own search of {version} found {count:,} excluded repositories in it. Requests about them stay "
            "accepted.",
        )


def _no_control(release: Release, version: str) -> Iterator[Doubt]:
    reports = counted_reports(release, version)
    shown = set(reports.filter(has_control=True).values_list("scope_kind", flat=True))
    kinds = set(reports.values_list("scope_kind", flat=True))
    if bare := [kind for kind in kinds_to_verify(release) if kind in kinds - shown]:
        yield Doubt(
            NO_CONTROL,
            f"No report over the {' and the '.join(bare)} of {version} was made with its control, so nobody knows "
            "whether the check would have seen anything.",
        )


def _few_rows(release: Release, version: str) -> Iterator[Doubt]:
    known = indexed_version(release, version)
    searched = rows_searched(release, version)
    for is_file, rows in searched.items():
        expected = rows_of_index(known, is_file=is_file) if known else None
        if known and expected and rows * _FAR_SMALLER < expected:
            what = "files" if is_file else "repositories"
            yield Doubt(
                FEW_ROWS,
                f"The reports over the files of {version} read {rows:,} rows in all; the index of {known} has "
                f"{expected:,} {what}.",
            )


def rows_searched(release: Release, version: str) -> dict[bool, int]:
    """Rows of the counted reports over files, added up: True where a row is a file, False where a repository."""
    found = counted_reports(release, version).filter(scope_kind="files").order_by()
    sums: dict[bool, int] = {}
    for schema, rows in found.values_list("schema").annotate(Sum("row_count")):
        is_file = schema in _ROW_IS_A_FILE
        sums[is_file] = sums.get(is_file, 0) + rows
    return sums


def indexed_version(release: Release, version: str) -> DatasetVersion | None:
    """The version itself where it has an index, else the newest one that has: what comes out is about as large."""
    known = DatasetVersion.objects.filter(
        dataset=release.dataset_id, current_build__isnull=False
    ).select_related("current_build")
    return known.filter(name=version).first() or known.first()


def rows_of_index(version: DatasetVersion, *, is_file: bool) -> int | None:
    """Its files or its repositories; None where the index does not count files."""
    assert version.current_build is not None
    if not is_file:
        return version.current_build.repository_count
    return version.current_build.file_count if version.has_file_counts else None

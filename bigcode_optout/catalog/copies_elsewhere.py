"""How many files under a name also stand in repositories of other owners. None is “not measurable”, never 0."""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bigcode_optout.catalog.indexes import index_of
from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.datasetindex import IndexBroken
from bigcode_optout.datasetindex.copies import RepositoryCopies
from bigcode_optout.names import OwnerName, RepositoryName, fold

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Copied:
    """Files that stand elsewhere, too, and with how many other owners; more than that with `is_at_least`."""

    files: int
    owners: int
    is_at_least: bool = False


@dataclass(frozen=True)
class CopiesInVersion:
    """What was counted in one version, by folded full name. A repository that is not in it cannot be measured."""

    version: DatasetVersion
    repositories: dict[str, Copied]


def copies_under(
    name: OwnerName | RepositoryName, versions: Iterable[DatasetVersion]
) -> CopiesInVersion | None:
    """The copies in the first of `versions` where they were counted for something under `name`, or None."""
    for version in versions:
        rows = _rows(version, name.shown, is_owner=isinstance(name, OwnerName))
        if rows:
            return CopiesInVersion(version, _by_name(rows))
    return None


def copied_files(
    version: DatasetVersion, *, owners: Collection[str], repositories: Collection[str]
) -> int | None:
    """How many files of these owners and repositories stand elsewhere, too; None where any of it is not measurable."""
    found = [_rows(version, owner, is_owner=True) for owner in owners]
    found += [_rows(version, full_name, is_owner=False) for full_name in repositories]
    if not found or not all(found):
        return None
    return sum(row.copied_files for rows in found for row in rows or ())


def _rows(version: DatasetVersion, name: str, *, is_owner: bool) -> list[RepositoryCopies] | None:
    if version.deduplicated != DatasetVersion.Deduplicated.NO or version.current_build is None:
        return None
    try:
        index = index_of(version.current_build)
        return index.copies_of_owner(name) if is_owner else index.copies_of_repository(name)
    except IndexBroken:
        # The look-up beside this one says so; copies are an extra.
        logger.exception("the copies of %s cannot be read", version)
        return None


def _by_name(rows: Iterable[RepositoryCopies]) -> dict[str, Copied]:
    """Spellings and numbers of one name together: files add up, owners at least the most of any."""
    found: dict[str, Copied] = {}
    for row in rows:
        key = fold(row.repo_name)
        one = Copied(row.copied_files, row.copy_owners, row.is_at_least)
        before = found.get(key)
        found[key] = one if before is None else _together(before, one)
    return found


def _together(one: Copied, other: Copied) -> Copied:
    return Copied(one.files + other.files, max(one.owners, other.owners), is_at_least=True)

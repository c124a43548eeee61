"""The look-up for programs: totals and the first repositories of each version, from one read of each index."""

from dataclasses import dataclass

from bigcode_optout.catalog.indexes import index_of, told
from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.catalog.serving import kept_versions
from bigcode_optout.datasetindex import IndexedRepository, Totals
from bigcode_optout.names import OwnerName, RepositoryName


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """What one version holds under a name. `first` has the largest repositories, up to the limit asked for; a name in
    two spellings, or with two numbers, is two of them."""

    version: DatasetVersion
    totals: Totals
    first: list[IndexedRepository]


def short_answers(slug: str, name: OwnerName | RepositoryName, *, limit: int) -> list[ShortAnswer]:
    """One answer a version of the dataset `slug`, the newest data first.

    Notices within a second that another process switched an index. Raises `Unavailable` when an index cannot be read: a
    part of the answer would look like all of it.
    """
    return [_in_version(version, name, limit) for version in kept_versions(slug)]


def _in_version(version: DatasetVersion, name: OwnerName | RepositoryName, limit: int) -> ShortAnswer:
    assert version.current_build is not None
    with told(version):
        index = index_of(version.current_build)
        if isinstance(name, OwnerName):
            totals, first = index.owner_page(name.login, limit=limit)
            return ShortAnswer(version, totals, first)
        found = index.repository(name.full_name)
    files, size = sum(one.files for one in found), sum(one.bytes for one in found)
    return ShortAnswer(version, Totals(1 if found else 0, files, size), found[:limit])

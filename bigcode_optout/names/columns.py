"""Where each version of The Stack keeps names, ids, hashes, sizes, languages and licences.

Sources: the dataset cards of bigcode/the-stack, bigcode/the-stack-v2, bigcode/the-stack-v2-train-full-ids and
bigcode/stack-v3-train. Readers find columns by these names, never by position.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class DatasetColumns:
    """The columns of one schema; None where the schema has none.

    With `files` set, a row is a repository and content hash, size, language and licences are fields of that
    list's structs; with `file_count` alone it is a repository too; otherwise a row is a file. `names` has one
    column for each holder of a row (v1 has three); `licences` runs parallel to it there. `parent` is the full
    name that a repository was forked from. `content_id` is what two files with the same bytes agree in, the
    key of the copies pass; v2 has two such columns, and v3 kept the one that is taken here. A dot in a name
    steps into a struct.
    """

    names: tuple[str, ...]
    repository_id: str | None
    content_hash: str | None
    size: str | None
    language: str | None
    licences: tuple[str, ...]
    licence_type: str | None
    files: str | None = None
    stars: tuple[str, ...] = ()
    is_fork: str | None = None
    revision_date: str | None = None
    parent: str | None = None
    file_count: str | None = None
    content_id: str | None = None


DATASET_COLUMNS: Mapping[str, DatasetColumns] = MappingProxyType(
    {
        "v1": DatasetColumns(
            names=("max_stars_repo_name", "max_issues_repo_name", "max_forks_repo_name"),
            repository_id=None,
            content_hash="hexsha",
            size="size",
            language="lang",
            licences=("max_stars_repo_licenses", "max_issues_repo_licenses", "max_forks_repo_licenses"),
            licence_type=None,
            stars=("max_stars_count",),
            content_id="hexsha",
        ),
        "v2": DatasetColumns(
            names=("repo_name",),
            repository_id="github_id",
            content_hash="blob_id",
            size="length_bytes",
            language="language",
            licences=("detected_licenses",),
            licence_type="license_type",
            stars=("star_events_count",),
            revision_date="revision_date",
            content_id="content_id",
        ),
        "v2-ids": DatasetColumns(
            names=("repo_name",),
            repository_id="github_id",
            content_hash="blob_id",
            size="length_bytes",
            language="language",
            licences=("detected_licenses",),
            licence_type="license_type",
            files="files",
            stars=("star_events_count",),
            revision_date="revision_date",
            file_count="num_files",
            content_id="content_id",
        ),
        "v3": DatasetColumns(
            names=("repo_path",),
            repository_id="repo_id",
            content_hash="content_id",
            size="size_bytes",
            language="language",
            licences=("detected_licenses",),
            licence_type="license_type",
            files="files",
            stars=("github_metadata.stars",),
            is_fork="github_metadata.is_fork",
            parent="github_metadata.forked_from",
            file_count="num_files",
            content_id="content_id",
        ),
        "v3-metadata": DatasetColumns(
            names=("repo_path",),
            repository_id="repo_id",
            content_hash=None,
            size=None,
            language=None,
            licences=(),
            licence_type=None,
            stars=("github_metadata.stars",),
            is_fork="github_metadata.is_fork",
            parent="github_metadata.forked_from",
            file_count="num_files",
        ),
    }
)

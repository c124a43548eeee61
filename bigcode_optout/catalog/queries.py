"""Reads over every registered version: what stands under a name."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bigcode_optout.catalog.indexes import index_of, told
from bigcode_optout.catalog.models import Dataset, DatasetVersion
from bigcode_optout.catalog.serving import indexed_versions
from bigcode_optout.core.errors import Missing
from bigcode_optout.datasetindex import IndexedRepository, LanguageShare, Match, Totals
from bigcode_optout.names import OwnerName, RepositoryName, fold

# A page lists at most so many repositories of one owner; the totals always count all.
LIST_LIMIT = 1000


@dataclass(frozen=True)
class VersionAnswer:
    """What one version holds under a name. Bytes are of the files' contents."""

    version: DatasetVersion
    repository_count: int
    file_count: int
    byte_count: int

    @property
    def is_in(self) -> bool:
        """True when the version holds anything."""
        return self.repository_count > 0

    @property
    def files(self) -> int | None:
        """Files, or None where the version does not name them."""
        return self.file_count if self.version.has_file_counts else None

    @property
    def bytes(self) -> int | None:
        """Their size, or None where the version does not say it."""
        return self.byte_count if self.version.has_sizes else None


@dataclass
class Attribution:
    """As what version 1 names a repository beside its files, how many of these name others, too, and how many names
    that is, all added up."""

    held_as: set[str] = field(default_factory=set)
    shared_files: int = 0
    other_holders: int = 0


@dataclass
class RepositoryRow:
    """A repository over all versions: figures of the newest version that has it."""

    full_name: str
    latest: IndexedRepository
    version: DatasetVersion
    version_names: set[str] = field(default_factory=set)
    repository_ids: set[int] = field(default_factory=set)
    # By version name; a name that stood for several repositories over time is summed.
    totals: dict[str, Totals] = field(default_factory=dict)
    # By version name, of versions that name several repositories beside a file.
    attributions: dict[str, Attribution] = field(default_factory=dict)

    @property
    def short_name(self) -> str:
        """The part after the slash."""
        return self.full_name.partition("/")[2]

    @property
    def files(self) -> int | None:
        """Its files, or None where the version does not name them."""
        return self.latest.files if self.version.has_file_counts else None

    @property
    def bytes(self) -> int | None:
        """Their size, or None where the version does not say it."""
        return self.latest.bytes if self.version.has_sizes else None


@dataclass(frozen=True)
class Answer:
    """What every version holds under a name. `rows` has at most LIST_LIMIT repositories of the newest versions."""

    name: OwnerName | RepositoryName
    versions: list[VersionAnswer]
    rows: list[RepositoryRow]
    is_cut: bool

    @property
    def is_in(self) -> bool:
        """True when any version holds anything."""
        return any(version.is_in for version in self.versions)

    @property
    def newest(self) -> VersionAnswer | None:
        """The newest version that holds anything."""
        return next((version for version in self.versions if version.is_in), None)

    @property
    def repository_count(self) -> int:
        """Different repositories over all versions; at least the largest version's count when the list was cut."""
        largest = max((version.repository_count for version in self.versions), default=0)
        return max(largest, len(self.rows))


def dataset(slug: str) -> Dataset:
    """The dataset of that slug. Raises `Missing`."""
    found = Dataset.objects.filter(slug=slug).first()
    if found is None:
        raise Missing("no_dataset", f"There is no dataset “{slug}” here.")
    return found


def versions(slug: str) -> list[DatasetVersion]:
    """The versions that have an index, newest data first, each with its `current_build`."""
    return indexed_versions(slug)


def look_up(slug: str, name: OwnerName | RepositoryName, *, name_contains: str = "") -> Answer:
    """What every version of the dataset `slug` holds under `name`.

    `name_contains` narrows the listed rows, never the totals. Raises `Unavailable` when an index cannot be read: a part
    of the answer would look like all of it.
    """
    answers: list[VersionAnswer] = []
    rows: dict[str, RepositoryRow] = {}
    is_cut = False
    for version in versions(slug):
        with told(version):
            answer, found = _in_version(version, name, name_contains)
        answers.append(answer)
        is_narrowed = bool(name_contains) and len(found) < LIST_LIMIT
        is_cut = is_cut or (not is_narrowed and answer.repository_count > len(found))
        _merge(rows, version, found)
    ordered = sorted(rows.values(), key=lambda row: (-row.latest.bytes, fold(row.full_name)))
    return Answer(name, answers, ordered, is_cut)


def _in_version(
    version: DatasetVersion, name: OwnerName | RepositoryName, name_contains: str
) -> tuple[VersionAnswer, list[IndexedRepository]]:
    """Totals of the name in one version, and its repositories up to LIST_LIMIT."""
    assert version.current_build is not None
    index = index_of(version.current_build)
    if isinstance(name, RepositoryName):
        found = index.repository(name.full_name)
        files, size = sum(one.files for one in found), sum(one.bytes for one in found)
        return VersionAnswer(version, 1 if found else 0, files, size), found
    totals = index.owner_totals(name.login)
    found = index.owner_repositories(name.login, limit=LIST_LIMIT, name_contains=name_contains or None)
    return VersionAnswer(version, totals.repositories, totals.files, totals.bytes), found


def languages_of(answer: Answer) -> list[LanguageShare]:
    """Shares of the languages in the newest version that holds anything, largest first; the rest with language None."""
    newest = answer.newest
    if newest is None or newest.version.current_build is None:
        return []
    with told(newest.version):
        index = index_of(newest.version.current_build)
        if isinstance(answer.name, OwnerName):
            return index.languages_of_owner(answer.name.login)
        shares = [share for found in index.repository(answer.name.full_name) for share in found.languages]
    files = newest.file_count - sum(share.files for share in shares)
    rest = LanguageShare(None, files, newest.byte_count - sum(share.bytes for share in shares))
    return [*shares, rest] if files else shares


def _merge(
    rows: dict[str, RepositoryRow], version: DatasetVersion, found: Collection[IndexedRepository]
) -> None:
    for one in found:
        key = fold(one.repo_name)
        row = rows.get(key)
        if row is None:
            row = rows[key] = RepositoryRow(one.repo_name, one, version)
        elif row.version.pk == version.pk:
            # The version has the repository in two spellings or under two numbers: its files are those of both.
            row.latest = replace(
                row.latest, files=row.latest.files + one.files, bytes=row.latest.bytes + one.bytes
            )
        row.version_names.add(version.name)
        if one.repo_id is not None:
            row.repository_ids.add(one.repo_id)
        if one.held_as:
            attribution = row.attributions.setdefault(version.name, Attribution())
            attribution.held_as.update(one.held_as)
            attribution.shared_files += one.shared_files or 0
            attribution.other_holders += one.other_holders or 0
        before = row.totals.get(version.name, Totals())
        row.totals[version.name] = Totals(1, before.files + one.files, before.bytes + one.bytes)


def find(
    version: DatasetVersion,
    *,
    owners: Collection[str] = (),
    repositories: Collection[str] = (),
    repository_ids: Collection[int] = (),
    is_brief: bool = True,
) -> Iterator[Match]:
    """Every repository of `version` that one of the names or ids covers, with what it was found by. Streams.

    With names, id, files and bytes; the other fields are empty unless `is_brief` is false.
    """
    if version.current_build is None:
        raise Missing("no_index", f"Version {version} has no index.")
    return index_of(version.current_build).find(
        owners=owners, repositories=repositories, repository_ids=repository_ids, is_brief=is_brief
    )


def holdings(
    slug: str,
    *,
    owner: str = "",
    repository: str = "",
    repository_ids: Collection[int] = (),
    known: Sequence[DatasetVersion] | None = None,
) -> list[RepositoryRow]:
    """Every repository of an owner, or one repository, over all versions; also what stands under a former name and is
    known by number.

    Largest first. Rows of one repository under several spellings or former names stay apart. `known`: the `versions` of
    the dataset, where the caller has them. Raises `Unavailable` when an index cannot be read.
    """
    owners, repositories = [owner] if owner else [], [repository] if repository else []
    rows: dict[str, RepositoryRow] = {}
    for version in versions(slug) if known is None else known:
        with told(version):
            matches = find(
                version,
                owners=owners,
                repositories=repositories,
                repository_ids=repository_ids,
                is_brief=False,
            )
            _merge(rows, version, [match.repository for match in matches])
    return sorted(rows.values(), key=lambda row: (-row.latest.bytes, fold(row.full_name)))

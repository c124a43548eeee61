"""What a sweep looks for: the names and numbers of everything that stands, each with the list that had it first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bigcode_optout.catalog.models import Dataset, DatasetVersion
from bigcode_optout.claims.models import RepositoryFact
from bigcode_optout.names import fold
from bigcode_optout.releases.models import Exclusion, Release, ReleaseState
from bigcode_optout.releases.queries import newest_frozen
from bigcode_optout.releases.rules import draft_rules
from bigcode_optout.removals.queries import standing_items

OWNER, REPOSITORY = "owner", "repository"
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Sought:
    """A name, a number, or both, that an item asks to leave out. `name` is empty where only the number counts;
    `since`: the frozen list that had it first, None while no list has it."""

    item_id: int
    kind: str
    name: str
    name_valid_until: date | None
    repo_id: int | None
    since: Release | None

    def names_in(self, version: DatasetVersion) -> bool:
        """True when its name covers the version: names have a time, numbers have not (design, rule 5.8)."""
        until = self.name_valid_until
        return bool(self.name) and (until is None or version.data_date <= until)


def everything_sought(dataset: Dataset) -> Iterator[Sought]:
    """What stands, of the kind “files”: an index lists files. Frozen rules as frozen, later items as the next freeze
    would write them, and every number that GitHub has said to be one of an owner's since."""
    frozen_ids: set[int] = set()
    owners: list[tuple[int, int, Release | None]] = []
    for rule, owner_id in _frozen(dataset):
        frozen_ids.add(rule.item_id)
        if rule.kind == OWNER and owner_id is not None:
            owners.append((owner_id, rule.item_id, rule.since))
        yield rule
    yield from _not_frozen(dataset, frozen_ids)
    yield from _numbers_of(owners)


def _frozen(dataset: Dataset) -> Iterator[tuple[Sought, int | None]]:
    newest = newest_frozen(dataset.slug)
    if newest is None:
        return
    by_name = {release.name: release for release in Release.objects.filter(dataset=dataset)}
    # A rule for files may stand on an item that asks for less, beside another that asks for more.
    standing = standing_items(dataset.pk).filter(files=True).order_by()
    links = Exclusion.items.through.objects.filter(
        exclusion__release=newest, exclusion__files=True, scopeitem__in=standing
    )
    columns = ("scopeitem_id", "kind", "name", "name_valid_until", "repo_id", "since_release", "owner_id")
    fields = (columns[0], *(f"exclusion__{column}" for column in columns[1:]))
    found = links.values_list(*fields).iterator(chunk_size=2000)
    for item_id, kind, name, until, repo_id, since, owner_id in found:
        yield Sought(item_id, kind, name, until, repo_id, by_name.get(since, newest)), owner_id


def _not_frozen(dataset: Dataset, frozen_ids: set[int]) -> Iterator[Sought]:
    items = [
        item
        for item in standing_items(dataset.pk).filter(files=True).select_related("claim", "request")
        if item.pk not in frozen_ids
    ]
    for draft in draft_rules(items).values():
        for item_id in draft.items:
            yield Sought(item_id, draft.kind, draft.name, draft.name_valid_until, draft.repo_id, None)


def _numbers_of(owners: Sequence[tuple[int, int, Release | None]]) -> Iterator[Sought]:
    by_owner: dict[int, list[tuple[int, Release | None]]] = {}
    for owner_id, item_id, since in owners:
        by_owner.setdefault(owner_id, []).append((item_id, since))
    ids = sorted(by_owner)
    for start in range(0, len(ids), _CHUNK):
        facts = RepositoryFact.objects.filter(
            owner_id__in=ids[start : start + _CHUNK], repository_id__isnull=False, full_name_key=""
        )
        for owner, number in facts.values_list("owner_id", "repository_id").iterator():
            for item_id, since in by_owner[owner] if owner is not None else ():
                yield Sought(item_id, REPOSITORY, "", None, number, since)


class Binding:
    """Which frozen lists a version should keep to. A version says nowhere with which list it was made, so it is taken
    for made with a list when it bears the list's name, when its data is younger than the freeze, or when it was
    registered after the freeze and is not older than the versions that were here by then."""

    def __init__(self, version: DatasetVersion) -> None:
        lists = Release.objects.filter(dataset=version.dataset_id).exclude(state=ReleaseState.OPEN)
        others = list(
            DatasetVersion.objects.filter(dataset=version.dataset_id)
            .exclude(pk=version.pk)
            .values_list("registered_at", "data_date")
        )
        self._frozen_at = [
            release.frozen_at for release in lists if release.frozen_at and _binds(release, version, others)
        ]

    def is_bound(self, since: Release | None) -> bool:
        """True when a list that binds the version had what stood first on the list `since`."""
        return since is not None and any(
            since.frozen_at is not None and at >= since.frozen_at for at in self._frozen_at
        )


def _binds(release: Release, version: DatasetVersion, others: Sequence[tuple[datetime, date]]) -> bool:
    assert release.frozen_at is not None
    if fold(release.name) == fold(version.name) or version.data_date > release.frozen_at.date():
        return True
    known = [data_date for registered_at, data_date in others if registered_at <= release.frozen_at]
    return version.registered_at > release.frozen_at and bool(known) and version.data_date >= max(known)

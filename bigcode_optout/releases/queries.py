"""Reads about releases."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import F, QuerySet

from bigcode_optout.accounts.models import User
from bigcode_optout.core.errors import Missing
from bigcode_optout.releases.models import Exclusion, Reappearance, Release, ReleaseState
from bigcode_optout.removals.models import RemovalRequest, ScopeItem
from bigcode_optout.removals.queries import LIFTED


def release_named(dataset: str, name: str) -> Release:
    """The release of that name. Raises `Missing`."""
    found = (
        Release.objects.filter(dataset__slug=dataset, name=name).select_related("dataset", "previous").first()
    )
    if found is None:
        raise Missing("no_release", f"There is no release “{name}” of {dataset}.")
    return found


def next_release(dataset: str) -> Release | None:
    """The open release that is frozen next: what is accepted before its freeze is in. None when none is planned.

    A patch release, in the place of one that failed, comes before the others.
    """
    found = Release.objects.filter(dataset__slug=dataset, state=ReleaseState.OPEN)
    return found.order_by(F("replaces").asc(nulls_last=True), "pk").first()


def newest_frozen(dataset: str) -> Release | None:
    """The release that was frozen last, or None."""
    frozen = Release.objects.filter(dataset__slug=dataset).exclude(state=ReleaseState.OPEN)
    return frozen.order_by("-frozen_at").first()


def releases_with(request: RemovalRequest) -> list[Release]:
    """The frozen releases whose list holds a part of the request, oldest first."""
    found = Release.objects.filter(exclusions__items__request=request).distinct()
    return sorted(found, key=lambda release: (release.frozen_at is None, release.frozen_at))


def counting(releases: Iterable[Release]) -> list[Release]:
    """Those from whose version something is left out: all but the failed ones, whose version did not come out so."""
    return [release for release in releases if release.state != ReleaseState.FAILED]


def releases_with_item(item: ScopeItem) -> list[Release]:
    """The frozen releases whose list holds the item, oldest first."""
    return list(Release.objects.filter(exclusions__items=item).distinct().order_by("frozen_at"))


def exclusions_for(user: User, dataset: str) -> list[Exclusion]:
    """What the newest frozen list holds for the person's GitHub accounts, by number, whoever asked."""
    newest = newest_frozen(dataset)
    if newest is None:
        return []
    ids = list(user.identities.values_list("github_id", flat=True))
    return list(newest.exclusions.filter(owner_id__in=ids).order_by("kind", "name_key"))


def left_out_owner_count(dataset: str) -> int:
    """Different owners whose everything is on the newest frozen list."""
    newest = newest_frozen(dataset)
    if newest is None:
        return 0
    return newest.exclusions.filter(kind="owner").values("name_key").distinct().count()


def standing_reappearances(dataset: str) -> QuerySet[Reappearance]:
    """What the last sweeps found of what stands now: in every version, expected or not."""
    return Reappearance.objects.filter(
        sweep__version__dataset__slug=dataset, item__state=ScopeItem.ItemState.ACCEPTED
    ).exclude(item__request__state__in=LIFTED)


def unexpected_by_version(dataset: str) -> dict[str, int]:
    """Of each version that holds any: how many repositories that it should be without. One query."""
    found = standing_reappearances(dataset).filter(is_unexpected=True).order_by()
    rows = found.values_list("sweep__version__name", "full_name", "repository_id").distinct()
    return dict(Counter(version for version, _, _ in rows.iterator()))


def unexpected_count(dataset: str) -> int:
    """Repositories that stand in a version that should be without them, each once a version."""
    found = standing_reappearances(dataset).filter(is_unexpected=True).order_by()
    return found.values("sweep_id", "full_name", "repository_id").distinct().count()


def reappearances_of(request: RemovalRequest) -> list[Reappearance]:
    """What the last sweeps found of the request's parts that stand, the newest version first; no other person's."""
    found = standing_reappearances(request.dataset.slug).filter(item__request=request)
    return list(
        found.select_related("sweep__version", "excluded_since").order_by(
            "-sweep__version__data_date", "-sweep__version__name", "full_name"
        )
    )

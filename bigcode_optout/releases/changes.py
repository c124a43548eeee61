"""What came and went between a release and the list before it: by rule once it is frozen, by part while it is open."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, DateField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce

from bigcode_optout.releases.models import Exclusion, Release, ReleaseState
from bigcode_optout.releases.queries import newest_frozen
from bigcode_optout.removals.lifecycle import OPEN
from bigcode_optout.removals.models import RemovalRequest, ScopeItem
from bigcode_optout.removals.queries import standing_items

_NEVER = date(9999, 12, 31)


@dataclass(frozen=True)
class Changes:
    """Rows in a fixed order, read when they are shown. Rules of a frozen release are the same when kind, folded name
    and repository number are; `changed`: those whose last day or scope kinds are others than before. Of an open release
    `came` and `went` are parts of requests, and nothing is `changed`."""

    before: Release | None
    came: QuerySet[Exclusion] | QuerySet[ScopeItem]
    went: QuerySet[Exclusion] | QuerySet[ScopeItem]
    changed: QuerySet[Exclusion]


def changes_of(release: Release) -> Changes:
    """Against the list before: the newest frozen one while the release is open."""
    if release.state == ReleaseState.OPEN:
        return _of_parts(release, newest_frozen(release.dataset.slug))
    before = release.previous
    mine = _listed(release)
    if before is None:
        return Changes(None, mine, Exclusion.objects.none(), Exclusion.objects.none())
    old = _listed(before)
    same = _same(old)
    return Changes(
        before,
        mine.exclude(Exists(same)),
        old.exclude(Exists(_same(mine))),
        mine.filter(Exists(same)).exclude(Exists(_equal(same))),
    )


def _listed(release: Release) -> QuerySet[Exclusion]:
    return Exclusion.objects.filter(release=release).order_by("kind", "name_key", "pk")


def _same(rules: QuerySet[Exclusion]) -> QuerySet[Exclusion]:
    """Those of `rules` that are the outer row's rule. What is absent is compared as a value that nothing has."""
    return (
        rules.order_by()
        .annotate(number=Coalesce("repo_id", Value(0)))
        .filter(
            kind=OuterRef("kind"),
            name_key=OuterRef("name_key"),
            number=Coalesce(OuterRef("repo_id"), Value(0)),
        )
    )


def _equal(same: QuerySet[Exclusion]) -> QuerySet[Exclusion]:
    kinds = {kind: OuterRef(kind) for kind in ("files", "commits", "issues")}
    day = Coalesce(OuterRef("name_valid_until"), Value(_NEVER), output_field=DateField())
    return same.annotate(day=Coalesce("name_valid_until", Value(_NEVER))).filter(day=day, **kinds)


def _of_parts(release: Release, before: Release | None) -> Changes:
    standing = standing_items(release.dataset_id).select_related("request")
    nothing = ScopeItem.objects.none()
    if before is None:
        return Changes(None, standing.order_by("kind", "name_key", "pk"), nothing, Exclusion.objects.none())
    listed = ScopeItem.objects.filter(exclusions__release=before)
    came = standing.exclude(pk__in=listed.values("pk")).order_by("kind", "name_key", "pk")
    went = listed.exclude(pk__in=standing_items(release.dataset_id).values("pk")).select_related("request")
    return Changes(before, came, went.distinct().order_by("kind", "name_key", "pk"), Exclusion.objects.none())


def waiting_by_state(release: Release) -> dict[str, int]:
    """How many requests about the dataset are not decided, by state."""
    rows = (
        RemovalRequest.objects.filter(dataset=release.dataset_id, state__in=OPEN)
        .order_by()
        .values_list("state")
        .annotate(Count("pk"))
    )
    return dict(rows)

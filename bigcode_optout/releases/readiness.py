"""How far the preparation of a release is, what it found, and whether its facts are fresh enough for a freeze."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Count

from bigcode_optout.claims.models import Proof
from bigcode_optout.core import clock
from bigcode_optout.releases.contradictions import old_roles
from bigcode_optout.releases.models import Preparation, Recheck, Release
from bigcode_optout.removals.confirming import INVITE
from bigcode_optout.removals.doubting import CONTRADICT
from bigcode_optout.removals.lifecycle import OPEN
from bigcode_optout.removals.models import RequestEvent, ScopeItem

Outcome = Recheck.Outcome


@dataclass(frozen=True)
class Figures:
    """Questions by outcome. `owners` and `repositories` are those that were answered or left as silent."""

    total: int
    waiting: int
    owners: int
    repositories: int
    outcomes: Mapping[str, int]

    @property
    def done(self) -> int:
        """Questions that need no asking any more."""
        return self.total - self.waiting


def newest(release: Release) -> Preparation | None:
    """The release's last preparation, or None."""
    return release.preparations.select_related("started_by").first()


def figures_of(preparation: Preparation) -> Figures:
    """One query."""
    rows = preparation.rechecks.order_by().values_list("kind", "outcome").annotate(Count("pk"))
    outcomes = dict.fromkeys(Outcome.values, 0)
    owners = repositories = 0
    for kind, outcome, count in rows:
        outcomes[outcome] += count
        if outcome and kind == Recheck.Kind.OWNER:
            owners += count
        elif outcome:
            repositories += count
    total = sum(outcomes.values())
    return Figures(total, outcomes.pop(Outcome.WAITING), owners, repositories, outcomes)


def told_of(preparation: Preparation) -> list[RequestEvent]:
    """The requests that went back to a reviewer by it."""
    found = RequestEvent.objects.filter(
        code=CONTRADICT,
        request__dataset=preparation.release.dataset_id,
        happened_at__gte=preparation.started_at,
    )
    if preparation.finished_at is not None:
        found = found.filter(happened_at__lte=preparation.finished_at)
    return list(found.select_related("request").order_by("happened_at", "pk"))


@dataclass(frozen=True)
class OldRole:
    """A role that was shown long ago, what stands on it, and whether its person was asked to show it again."""

    proof: Proof
    item: ScopeItem
    is_invited: bool


def old_roles_of(release: Release) -> list[OldRole]:
    """As of now, whatever the preparation said."""
    found = old_roles(release.dataset_id)
    events = RequestEvent.objects.filter(code=INVITE, data__proof__in=[proof.pk for proof, _ in found])
    invited = {data["proof"] for data in events.values_list("data", flat=True)} if found else set()
    return [OldRole(proof, item, proof.pk in invited) for proof, item in found]


def warning(release: Release) -> str:
    """Why the facts behind a freeze may be out of date, in a sentence; empty when they are fresh."""
    preparation = newest(release)
    if preparation is None:
        return f"Nobody has asked GitHub again about what goes on the list for {release}."
    if preparation.finished_at is None:
        figures = figures_of(preparation)
        far = f"{figures.done:,} of {figures.total:,} questions are answered"
        return f"The preparation of {release} has not ended: {far}."
    age = clock.now() - preparation.finished_at
    if age > timedelta(days=settings.PREPARATION_DAYS):
        return (
            f"{release} was prepared {age.days} days ago. What GitHub says is taken for fresh for "
            f"{settings.PREPARATION_DAYS} days."
        )
    return ""


def in_doubt(release: Release, previous: Release | None) -> list[ScopeItem]:
    """Parts of the list before that a contradiction took back to a reviewer who has not decided yet."""
    if previous is None:
        return []
    found = ScopeItem.objects.filter(
        exclusions__release=previous, state=ScopeItem.ItemState.OPEN, request__state__in=OPEN
    )
    return list(found.select_related("request").distinct().order_by("request__reference", "name_key"))

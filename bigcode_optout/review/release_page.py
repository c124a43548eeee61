"""What a release manager sees of a release before and after its freeze."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from bigcode_optout.claims.models import Proof
from bigcode_optout.core import clock
from bigcode_optout.exclusionlist import FORMATS, Format
from bigcode_optout.releases.models import Export, Release, ReleaseState
from bigcode_optout.removals.queries import standing_items


@dataclass(frozen=True)
class Standing:
    """What the freeze would take now. `old_proofs`: items on a role that was last shown longer ago than it counts. A
    sign-in is no role: whose an account is, its number says."""

    requests: int
    items: int
    owners: int
    repositories: int
    old_proofs: int


@dataclass(frozen=True)
class FrozenRules:
    """The rules of a frozen list."""

    rules: int
    owners: int
    repositories: int
    files: int
    commits: int
    issues: int
    new: int
    requests: int


def standing_of(release: Release) -> Standing:
    """What stands accepted in the release's dataset. One query."""
    # Of a former login the role is the one in the account or organisation today.
    shown_by = Coalesce(OuterRef("claim__present"), OuterRef("claim"))
    roles = Proof.objects.filter(claim=shown_by, outcome=Proof.Outcome.PROVEN).exclude(
        method__in=(Proof.Method.SIGN_IN, Proof.Method.FORMER_LOGIN)
    )
    proven, fresh = Exists(roles), Exists(roles.filter(expires_at__gte=clock.now()))
    return Standing(
        **standing_items(release.dataset_id)
        .order_by()
        .aggregate(
            requests=Count("request", distinct=True),
            items=Count("pk"),
            owners=Count("pk", filter=Q(kind="owner")),
            repositories=Count("pk", filter=Q(kind="repository")),
            old_proofs=Count("pk", filter=Q(proven) & ~Q(fresh)),
        )
    )


def frozen_rules(release: Release) -> FrozenRules:
    """What the frozen list holds. Two queries."""
    rules = release.exclusions.aggregate(
        rules=Count("pk"),
        owners=Count("pk", filter=Q(kind="owner")),
        repositories=Count("pk", filter=Q(kind="repository")),
        files=Count("pk", filter=Q(files=True)),
        commits=Count("pk", filter=Q(commits=True)),
        issues=Count("pk", filter=Q(issues=True)),
        new=Count("pk", filter=Q(since_release=release.name)),
    )
    requests = release.exclusions.aggregate(found=Count("items__request", distinct=True))["found"]
    return FrozenRules(**rules, requests=requests)


def exports_of(release: Release) -> Mapping[Format, Export | None]:
    """Each format, with its export once it was written."""
    written = {export.format: export for export in release.exports.all()}
    return {name: written.get(name) for name in FORMATS}


def is_open(release: Release) -> bool:
    """True until the freeze."""
    return release.state == ReleaseState.OPEN

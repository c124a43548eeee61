"""Plan, freeze and hand over a release."""

import dataclasses

from django.db import transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.core.bell import ring_named
from bigcode_optout.core.errors import Conflict
from bigcode_optout.exclusionlist import Rule, canonical_jsonl, sorted_rules
from bigcode_optout.releases import events
from bigcode_optout.releases.freezing import freeze as freeze
from bigcode_optout.releases.models import Exclusion, Release, ReleaseState
from bigcode_optout.releases.planning import plan as plan
from bigcode_optout.releases.planning import replan as replan
from bigcode_optout.releases.planning import require_plannable as require_plannable
from bigcode_optout.removals import services as removals
from bigcode_optout.removals.models import ScopeItem
from bigcode_optout.removals.receipts import fingerprint


def _rule_of(exclusion: Exclusion) -> Rule:
    """The columns of both have the same names."""
    return Rule(**{column.name: getattr(exclusion, column.name) for column in dataclasses.fields(Rule)})


def rules_of(release: Release) -> list[Rule]:
    """The frozen rules in the list's order. Raises `Conflict` when they are not what was frozen."""
    if release.state == ReleaseState.OPEN:
        raise Conflict("not_frozen", f"{release} is still open. Freeze it first.")
    found = sorted_rules(_rule_of(one) for one in release.exclusions.iterator())
    if fingerprint(canonical_jsonl(found).decode()) != release.canonical_sha256:
        raise Conflict("release_changed", f"The exclusions of {release} are not the ones that were frozen.")
    return found


@transaction.atomic
def hand_over(*, release_id: int, by: User | None) -> Release:
    """The list went to those who build the dataset. Requesters are told. Raises `Forbidden` and `Conflict`."""
    release = events.locked(release_id)
    release.handed_over_at, release.handed_over_by = clock.now(), by
    events.move(release, "hand_over", by=by, at=release.handed_over_at)
    held = ScopeItem.objects.filter(exclusions__release=release).order_by("request_id", "kind", "name_key")
    removals.tell_handed_over(items=held.distinct(), release=release.name)
    ring_named("releases.write_exports", release.pk)
    return release

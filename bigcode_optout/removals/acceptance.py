"""The automatic policy: what is fully proven and trips no guard is accepted without a person, kind by kind."""

from collections.abc import Mapping

from bigcode_optout.claims.authority import Assessment, Verdict
from bigcode_optout.removals.automatic import LARGE, current
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.removals.organisation_size import Size, size_by
from bigcode_optout.removals.owners import Agreement


def allowed_by_rule(request: RemovalRequest, assessments: Mapping[int, Assessment]) -> dict[int, str]:
    """The rule that allows each item to be accepted, by the item's number; items without one wait for a person."""
    if not any(map(_is_proven, assessments.values())):
        return {}
    allowed = {}
    agreement, policy = Agreement(request), current()
    for item in request.items.select_related("claim__present").prefetch_related(
        "claim__proofs", "claim__present__proofs"
    ):
        found = assessments[item.pk]
        if not (_is_proven(found) and policy.accepts_kind(item.claim.kind)):
            continue
        if size_by(item.claim, request, policy) is Size.SMALL:
            allowed[item.pk] = found.rule
        elif policy.accepts_kind(LARGE) and (rule := agreement.large_rule(item.claim)):
            # An unknown size counts as large. Without such a rule it became large since it was judged, by what
            # somebody else asks.
            allowed[item.pk] = rule
    return allowed


def _is_proven(found: Assessment) -> bool:
    return found.verdict is Verdict.PROVEN and bool(found.rule) and not found.guards

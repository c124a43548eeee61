"""The automatic policy: what is fully proven and trips no guard is accepted without a person, kind by kind."""

from collections.abc import Mapping

from django.conf import settings

from bigcode_optout.claims.authority import Assessment, Verdict
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.removals.organisation_size import is_large
from bigcode_optout.removals.owners import Agreement


def allowed_by_rule(request: RemovalRequest, assessments: Mapping[int, Assessment]) -> dict[int, str]:
    """The rule that allows each item to be accepted, by the item's number; items without one wait for a person."""
    allowed = {}
    agreement = Agreement(request)
    for item in request.items.select_related("claim__present").prefetch_related(
        "claim__proofs", "claim__present__proofs"
    ):
        found = assessments[item.pk]
        is_proven = found.verdict is Verdict.PROVEN and bool(found.rule) and not found.guards
        if not (is_proven and settings.POLICY_ACCEPTS[item.claim.kind]):
            continue
        if not is_large(item.claim, request):
            allowed[item.pk] = found.rule
        elif settings.POLICY_ACCEPTS["large_organisation"] and (rule := agreement.large_rule(item.claim)):
            # Without such a rule it became large since it was judged, by what somebody else asks.
            allowed[item.pk] = rule
    return allowed

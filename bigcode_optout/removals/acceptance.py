"""The automatic policy: what is fully proven and trips no guard is accepted without a person, kind by kind."""

from collections.abc import Mapping

from django.conf import settings

from bigcode_optout.claims.authority import Assessment, Verdict
from bigcode_optout.removals.models import RemovalRequest


def allowed_by_rule(request: RemovalRequest, assessments: Mapping[int, Assessment]) -> dict[int, str]:
    """The rule that allows each item to be accepted, by the item's number; items without one wait for a person."""
    allowed = {}
    for item in request.items.select_related("claim"):
        found = assessments[item.pk]
        is_proven = found.verdict is Verdict.PROVEN and bool(found.rule) and not found.guards
        if is_proven and settings.POLICY_ACCEPTS[item.claim.kind]:
            allowed[item.pk] = found.rule
    return allowed

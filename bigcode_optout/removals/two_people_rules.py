"""Which decisions one person cannot take alone."""

from collections.abc import Sequence
from enum import Enum

from bigcode_optout.removals import policies
from bigcode_optout.removals.models import Decision, RemovalRequest
from bigcode_optout.removals.organisation_size import Size, size_of
from bigcode_optout.removals.settling import Ruled


class Need(Enum):
    """Why it takes two. The value is kept with the proposal."""

    LARGE = "large_organisation"
    FROZEN = "frozen"
    ABUSIVE = "abusive"

    @property
    def sentence(self) -> str:
        """For the reviewers."""
        return _SENTENCES[self]


_SENTENCES = {
    Need.LARGE: "This is about a large organisation, or one whose size is not known.",
    Need.FROZEN: "A part of this request stands on a frozen list, so the decision cannot be taken back.",
    Need.ABUSIVE: "A denial as abusive can cost somebody the use of this site.",
}


def needs_of(request: RemovalRequest, ruled: Sequence[Ruled]) -> list[Need]:
    """Why these verdicts take two people; empty where one is enough."""
    found = {
        Need.LARGE: _is_over_large(request, ruled),
        Need.FROZEN: policies.is_frozen(request),
        Need.ABUSIVE: any(one.reason == Decision.Reason.ABUSIVE for one in ruled),
    }
    return [need for need, is_given in found.items() if is_given]


def _is_over_large(request: RemovalRequest, ruled: Sequence[Ruled]) -> bool:
    claims = {one.item.claim_id: one.item.claim for one in ruled}
    # Nobody could say that an organisation whose members were not counted is small.
    return any(size_of(claim, request) is not Size.SMALL for claim in claims.values())

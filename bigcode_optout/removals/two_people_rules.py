"""Which decisions one person cannot take alone."""

from collections.abc import Sequence
from enum import Enum

from bigcode_optout.claims.models import Claim, Proof
from bigcode_optout.claims.queries import latest_proof, role_claim
from bigcode_optout.removals import policies
from bigcode_optout.removals.models import Decision, RemovalRequest
from bigcode_optout.removals.organisation_size import Size, size_of
from bigcode_optout.removals.owners import Agreement
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
    verdicts = {(one.item.claim_id, one.verdict): one.item.claim for one in ruled}
    return any(takes_two(claim, request, verdict=verdict) for (_, verdict), claim in verdicts.items())


def takes_two(claim: Claim, request: RemovalRequest, *, verdict: str) -> bool:
    """True when the verdict about what the claim covers is not one person's, because of the size of it.

    Nobody could say that an organisation whose members were not counted is small. What nobody has proven any say over
    is declined by one: the requester can appeal, and a decision can be reopened. After an appeal it takes two again.
    """
    if size_of(claim, request) is Size.SMALL:
        return False
    is_final = verdict == Decision.Verdict.ACCEPT or request.was_appealed
    return is_final or _is_shown(claim, request)


def _is_shown(claim: Claim, request: RemovalRequest) -> bool:
    """Whether the last word about the role was yes, by machine or by another owner; an old word still is one."""
    proof = latest_proof(role_claim(claim))
    is_proven = proof is not None and proof.outcome == Proof.Outcome.PROVEN
    return is_proven or Agreement(request).is_consented(claim)

"""Whether an organisation is large: what everybody together asks of it, not what one request names."""

from enum import StrEnum

from django.db.models import Count, Max, Q

from bigcode_optout.claims.member_counts import Members, members_of
from bigcode_optout.claims.models import Claim, ClaimKind
from bigcode_optout.claims.queries import is_account, role_claim
from bigcode_optout.removals.automatic import Policy, current
from bigcode_optout.removals.models import LocatedRepository, RemovalRequest, RequestState, ScopeItem
from bigcode_optout.removals.queries import LIFTED

_OF_NO_ORGANISATION = (ClaimKind.ACCOUNT, ClaimKind.REPOSITORY)
_ENDED = (*LIFTED, RequestState.DENIED, RequestState.EXPIRED)


class Size(StrEnum):
    """UNKNOWN counts as large wherever something is decided: nobody could say that it is small."""

    SMALL = "small"
    LARGE = "large"
    UNKNOWN = "unknown"


_BY_MEMBERS = {Members.MANY: Size.LARGE, Members.FEW: Size.SMALL, Members.UNKNOWN: Size.UNKNOWN}


def size_of(claim: Claim, request: RemovalRequest) -> Size:
    """The size by the policy that holds now."""
    if role_claim(claim).kind in _OF_NO_ORGANISATION:
        return Size.SMALL
    return size_by(claim, request, current())


def size_by(claim: Claim, request: RemovalRequest, policy: Policy) -> Size:
    """Large is an organisation of which the policy's number of repositories or more are asked for, by this request and
    by others that count beside it, or that has the policy's number of members or more. An account and a single
    repository are small; of a name that was only stated nobody may be able to say which it is."""
    if claim.kind == ClaimKind.STATED:
        return _size_of_stated(claim, request, policy)
    organisation = role_claim(claim)
    if organisation.kind != ClaimKind.ORGANISATION:
        return Size.SMALL
    if organisation.subject_id is None:
        return Size.UNKNOWN
    if located_count(Q(item__owner_id=organisation.subject_id), request) >= policy.large_from_repositories:
        return Size.LARGE
    return _BY_MEMBERS[members_of(organisation.subject_id, large_from=policy.large_from_members)]


def _size_of_stated(claim: Claim, request: RemovalRequest, policy: Policy) -> Size:
    """By what stands under the name, since no number is known. Leaving the sign-in out makes nothing smaller."""
    owner, _, repository = claim.name_key.partition("/")
    under_name = Q(item__name_key=owner) | Q(item__name_key__startswith=f"{owner}/")
    if located_count(under_name, request) >= policy.large_from_repositories:
        return Size.LARGE
    return Size.SMALL if repository or is_account(owner) else Size.UNKNOWN


def located_count(of_owner: Q, request: RemovalRequest) -> int:
    """How many repositories of an owner all requests that wait or stand cover, by anybody, in the version with most.

    `of_owner` tells the owner's located rows. Asking for a large organisation in many small requests makes it no
    smaller. What others ask for unproven, and nobody has accepted, is not counted: a stranger's word would hold up a
    proven request, and show itself in it.
    """
    of_strangers = Q(item__proof_state=ScopeItem.ProofState.UNPROVEN) & ~Q(
        item__state=ScopeItem.ItemState.ACCEPTED
    )
    counts = (
        LocatedRepository.objects.filter(of_owner)
        .exclude(item__state=ScopeItem.ItemState.DECLINED)
        .exclude(run__request__state__in=_ENDED)
        .exclude(of_strangers & ~Q(run__request=request))
        .order_by()
        .values("run__version_id")
        .annotate(count=Count("full_name", distinct=True))
    )
    return counts.aggregate(largest=Max("count"))["largest"] or 0

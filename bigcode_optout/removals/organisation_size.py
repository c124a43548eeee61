"""Whether an organisation is large: what everybody together asks of it, not what one request names."""

from django.conf import settings
from django.db.models import Count, Max, Q

from bigcode_optout.claims.models import Claim, ClaimKind
from bigcode_optout.claims.queries import role_claim
from bigcode_optout.removals.models import LocatedRepository, RemovalRequest, RequestState, ScopeItem
from bigcode_optout.removals.queries import LIFTED

_ENDED = (*LIFTED, RequestState.DENIED, RequestState.EXPIRED)


def is_large(claim: Claim, request: RemovalRequest) -> bool:
    """True for an organisation of which `LARGE_ORGANISATION_REPOSITORIES` repositories or more are asked for, by this
    request and by others that count beside it."""
    organisation = role_claim(claim)
    if organisation.kind != ClaimKind.ORGANISATION or organisation.subject_id is None:
        return False
    return located_count(organisation.subject_id, request) >= settings.LARGE_ORGANISATION_REPOSITORIES


def located_count(owner_id: int, request: RemovalRequest) -> int:
    """How many repositories of the owner all requests that wait or stand cover, by anybody, in the version with most.

    Asking for a large organisation in many small requests makes it no smaller. What others ask for unproven, and nobody
    has accepted, is not counted: a stranger's word would hold up a proven request, and show itself in it.
    """
    of_strangers = Q(item__proof_state=ScopeItem.ProofState.UNPROVEN) & ~Q(
        item__state=ScopeItem.ItemState.ACCEPTED
    )
    counts = (
        LocatedRepository.objects.filter(item__owner_id=owner_id)
        .exclude(item__state=ScopeItem.ItemState.DECLINED)
        .exclude(run__request__state__in=_ENDED)
        .exclude(of_strangers & ~Q(run__request=request))
        .order_by()
        .values("run__version_id")
        .annotate(count=Count("full_name", distinct=True))
    )
    return counts.aggregate(largest=Max("count"))["largest"] or 0

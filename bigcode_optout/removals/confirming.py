"""Ask a requester to show a role once more that was shown long ago."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.http import urlencode

from bigcode_optout.claims.models import Claim, ClaimKind, Proof
from bigcode_optout.removals import outbox
from bigcode_optout.removals.events import locked, note
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import RequestEvent

INVITE = "invite_to_confirm"
_ASK_AGAIN: Mapping[str, str] = {
    ClaimKind.ORGANISATION: "pages:claim_organisation",
    ClaimKind.REPOSITORY: "pages:claim_repository",
}


@transaction.atomic
def invite_to_confirm(*, request_id: int, proofs: Sequence[Proof]) -> list[Proof]:
    """Ask the requester, once for each proof; return the proofs asked about. Nothing depends on the answer."""
    request = locked(request_id)
    fresh = [proof for proof in proofs if not is_invited(proof)]
    for proof in fresh:
        note(request, INVITE, role=Role.SYSTEM, data={"proof": proof.pk})
    if fresh:
        outbox.write(request, INVITE, roles=[(proof.claim, ask_again_url(proof.claim)) for proof in fresh])
    return fresh


def is_invited(proof: Proof) -> bool:
    """True when the requester was asked about this proof before, in whichever request."""
    return RequestEvent.objects.filter(code=INVITE, data__proof=proof.pk).exists()


def ask_again_url(claim: Claim) -> str:
    """The page on which its person lets GitHub say the role once more."""
    page = reverse(_ASK_AGAIN[claim.kind])
    return f"{settings.SITE_URL}{page}?{urlencode({'name': claim.name})}"

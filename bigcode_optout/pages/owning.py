"""What pages show about the owners of an organisation: to its requester, and to its other owners."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from bigcode_optout.accounts.models import User
from bigcode_optout.claims.models import Claim
from bigcode_optout.pages.standing import scope_words
from bigcode_optout.pages.tally import kind_words
from bigcode_optout.removals import inviting
from bigcode_optout.removals.models import (
    Objection,
    ObjectionWindow,
    OwnerInvitation,
    RemovalRequest,
    RequestState,
)
from bigcode_optout.removals.owners import (
    Agreement,
    items_read,
    open_objections,
    owned_claims,
    requests_over,
)


@dataclass(frozen=True)
class OrganisationSide:
    """An organisation of a request, as its requester sees the other owners' part. Never who objected."""

    claim: Claim
    invitation: OwnerInvitation | None
    link: str
    confirmation_count: int
    window: ObjectionWindow | None
    is_objected: bool


def invitations_for(request: RemovalRequest) -> list[OrganisationSide]:
    """The organisations of an open request, each with its link and what its owners have said."""
    agreement = Agreement(request)
    objected = set(open_objections(request).values_list("organisation_id", flat=True))
    return [
        _side(request, claim, agreement, claim.subject_id in objected)
        for claim in inviting.invitable_claims(request)
    ]


def _side(request: RemovalRequest, claim: Claim, agreement: Agreement, is_objected: bool) -> OrganisationSide:
    invitation = inviting.live_invitation(request, claim)
    path = reverse("pages:confirm_owner", args=[inviting.code_of(invitation)]) if invitation else ""
    return OrganisationSide(
        claim=claim,
        invitation=invitation,
        link=settings.SITE_URL + path if path else "",
        confirmation_count=sum(one.claim_id == claim.pk for one in agreement.confirmations),
        window=request.windows.filter(claim=claim).first(),
        is_objected=is_objected,
    )


@dataclass(frozen=True)
class AskedOfOurs:
    """A request over an organisation as its other owners see it: scope and date, nothing about who asked."""

    request_id: int
    scope: str
    names: list[str]
    kinds: str
    asked_at: datetime
    state: str
    is_accepted: bool
    window: ObjectionWindow | None
    objection: Objection | None


def asked_of(claim: Claim) -> list[AskedOfOurs]:
    """What others ask of the organisation of a proven owner's claim, oldest first."""
    assert claim.subject_id is not None
    return [_asked(one, claim) for one in requests_over(claim.subject_id, by=claim.user)]


def _asked(request: RemovalRequest, claim: Claim) -> AskedOfOurs:
    assert claim.subject_id is not None and request.submitted_at is not None
    items = items_read(request, claim.subject_id)
    is_accepted = request.state == RequestState.ACCEPTED
    return AskedOfOurs(
        request_id=request.pk,
        scope=scope_words(items),
        names=[item.name for item in items],
        kinds=kind_words(items[0].kinds),
        asked_at=request.submitted_at,
        state="Accepted" if is_accepted else "Open",
        is_accepted=is_accepted,
        window=next((one for one in request.windows.all() if _is_open(one, claim)), None),
        objection=next((one for one in request.objections.all() if _is_own(one, claim)), None),
    )


def _is_open(window: ObjectionWindow, claim: Claim) -> bool:
    return window.closed_at is None and window.claim.subject_id == claim.subject_id


def _is_own(objection: Objection, claim: Claim) -> bool:
    is_over = objection.organisation_id == claim.subject_id
    return is_over and objection.raised_by_id == claim.user_id and objection.taken_back_at is None


def co_owned(user: User) -> list[tuple[Claim, list[AskedOfOurs]]]:
    """The person's organisations about which somebody else asks, for the home page."""
    found = [(claim, asked_of(claim)) for claim in owned_claims(user)]
    return [(claim, asked) for claim, asked in found if asked]

"""A second owner through a link: the requester makes it and passes it on, an owner says yes with it, once."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac

from bigcode_optout.accounts.models import User
from bigcode_optout.claims.models import Claim, ClaimKind, Proof
from bigcode_optout.core import clock
from bigcode_optout.core.bell import ring
from bigcode_optout.core.errors import Conflict, Forbidden, Missing
from bigcode_optout.removals import policies
from bigcode_optout.removals.events import locked, note
from bigcode_optout.removals.lifecycle import OPEN, Role
from bigcode_optout.removals.models import OwnerConfirmation, OwnerInvitation, RemovalRequest
from bigcode_optout.removals.owners import stated_role
from bigcode_optout.removals.queries import request_of

LIFE = timedelta(days=7)
_CODE_LENGTH = 40


def invitable_claims(request: RemovalRequest) -> list[Claim]:
    """The organisations of an open request that a second owner can speak for: those whose number is known."""
    if request.state not in OPEN:
        return []
    return list(
        Claim.objects.filter(
            Q(items__request=request) | Q(former__items__request=request),
            kind=ClaimKind.ORGANISATION,
            subject_id__isnull=False,
        ).distinct()
    )


def invitable_requests(user: User, claim: Claim) -> list[RemovalRequest]:
    """The person's open requests that stand on the claim and that a second owner can speak for."""
    if claim.kind != ClaimKind.ORGANISATION or claim.subject_id is None:
        return []
    stands_on = Q(items__claim=claim) | Q(items__claim__present=claim)
    found = RemovalRequest.objects.filter(stands_on, requester=user, state__in=OPEN)
    return list(found.distinct().order_by("submitted_at"))


@transaction.atomic
def invite(*, by: User, reference: str, claim_id: int) -> OwnerInvitation:
    """A fresh link in place of the one there was. Raises `Missing` for a stranger, `Conflict` once closed."""
    request = locked(request_of(by, reference).pk)
    claim = next((one for one in invitable_claims(request) if one.pk == claim_id), None)
    if claim is None:
        raise Conflict("not_invitable", "This request needs no second owner, or has moved on.")
    now = clock.now()
    for live in request.invitations.filter(claim=claim, ended_at=None):
        _end(live, OwnerInvitation.End.EXPIRED if live.expires_at <= now else OwnerInvitation.End.REPLACED)
    made = OwnerInvitation.objects.create(
        request=request, claim=claim, seed=secrets.token_hex(16), made_at=now, expires_at=now + LIFE
    )
    note(request, "invite_owner", role=Role.REQUESTER, by=by, data={"claim": claim.pk})
    return made


def live_invitation(request: RemovalRequest, claim: Claim) -> OwnerInvitation | None:
    """The link that works now, or None."""
    return request.invitations.filter(claim=claim, ended_at=None, expires_at__gt=clock.now()).first()


def code_of(invitation: OwnerInvitation) -> str:
    """What stands in the link: the row's number and a code that only this site can make."""
    digest = salted_hmac(
        "removals.owner_invitation", f"{invitation.pk}:{invitation.seed}", algorithm="sha256"
    )
    return f"{invitation.pk}-{digest.hexdigest()[:_CODE_LENGTH]}"


def invitation_by(code: str) -> OwnerInvitation:
    """The invitation of a link. Raises `Missing` for a code that was never made."""
    number, _, _ = code.partition("-")
    found = (
        OwnerInvitation.objects.filter(pk=int(number)).select_related("request", "claim").first()
        if number.isascii() and number.isdecimal() and len(number) < 18
        else None
    )
    if found is None or not constant_time_compare(code_of(found), code):
        raise Missing("no_invitation", "There is no such link. Check that all of it was copied.")
    return found


def require_usable(invitation: OwnerInvitation, *, by: User) -> None:
    """Raise `Conflict` when the link works no more, `Forbidden` for the requester."""
    if invitation.end == OwnerInvitation.End.USED:
        raise Conflict("link_used", "This link was used. It works once.")
    if invitation.ended_at is not None:
        raise Conflict("link_replaced", "There is a newer link in place of this one. Ask for it.")
    if invitation.expires_at <= clock.now():
        raise Conflict("link_expired", "This link was good for seven days. Ask for a new one.")
    if invitation.request.state not in OPEN:
        raise Conflict("request_closed", "The request does not wait for a second owner any more.")
    if policies.is_own(invitation.request, by):
        raise Forbidden(
            "own_request",
            "This is your own request. Another owner has to open the link, signed in as they are.",
        )


@transaction.atomic
def confirm(*, by: User, code: str) -> RemovalRequest:
    """The second owner's yes to what the request asks of the organisation.

    Raises `Missing`, `Conflict` and `Forbidden` as `require_usable` does, and `Forbidden` for who is not an owner by
    GitHub's own and fresh word, or whose account there is one of the requester's.
    """
    request = locked(invitation_by(code).request_id)
    invitation = (
        OwnerInvitation.objects.select_for_update().select_related("claim").get(pk=invitation_by(code).pk)
    )
    invitation.request = request
    require_usable(invitation, by=by)
    organisation_id = invitation.claim.subject_id
    proof = stated_role(by, organisation_id) if organisation_id else None
    if proof is None:
        raise Forbidden(
            "not_an_owner", f"GitHub has not told us today that you are an owner of {invitation.claim.name}."
        )
    _confirm(request, invitation, by, proof)
    _end(invitation, OwnerInvitation.End.USED)
    note(request, "confirm_owner", role=Role.CO_OWNER, by=by, data={"claim": invitation.claim_id})
    from bigcode_optout.removals import tasks

    ring(tasks.reassess, request.pk)
    return request


def _confirm(request: RemovalRequest, invitation: OwnerInvitation, by: User, proof: Proof) -> None:
    github_id = int(proof.evidence["viewer_id"])
    if request.requester.identities.filter(github_id=github_id).exists():
        raise Forbidden("own_request", "This GitHub account belongs to the person who asked.")
    known = request.confirmations.filter(claim=invitation.claim, github_id=github_id)
    if known.exists():
        raise Conflict("confirmed_already", "You have confirmed this request already.")
    OwnerConfirmation.objects.create(
        request=request,
        claim=invitation.claim,
        invitation=invitation,
        confirmed_by=by,
        proof=proof,
        github_id=github_id,
        confirmed_at=clock.now(),
    )


def _end(invitation: OwnerInvitation, end: OwnerInvitation.End) -> None:
    invitation.ended_at, invitation.end = clock.now(), end
    invitation.save(update_fields=["ended_at", "end"])

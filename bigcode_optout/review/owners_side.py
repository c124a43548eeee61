"""What the owners of an organisation have to do with a request, for the reviewer: told, confirmed, objected."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from bigcode_optout.accounts.models import User
from bigcode_optout.claims.models import ClaimEvidence, ClaimKind
from bigcode_optout.removals.models import Objection, ObjectionWindow, OwnerConfirmation, RemovalRequest
from bigcode_optout.removals.owners import open_objections

# Signing in was the proof of an own account: nobody else has a say in it, and nothing is told about it.
_OF_OTHERS = (ClaimKind.ORGANISATION, ClaimKind.REPOSITORY, ClaimKind.FORMER_LOGIN)


@dataclass(frozen=True)
class ObjectionLine:
    """An objection with who raised it, and whether it waits for this reviewer."""

    objection: Objection
    name: str
    is_open: bool


@dataclass(frozen=True)
class OwnersSide:
    """Evidence of both sides. `is_empty` when nobody else has had to do with it."""

    objections: list[ObjectionLine]
    confirmations: list[tuple[OwnerConfirmation, str]]
    windows: list[ObjectionWindow]
    told: list[ClaimEvidence]

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to show."""
        return not (self.objections or self.confirmations or self.windows or self.told)


def owners_side(request: RemovalRequest) -> OwnersSide:
    """Read in a few queries, whatever the request's size; in none where only own accounts are asked for.

    `items` with their claims are read before.
    """
    asked = [item.claim for item in request.items.all() if item.claim.kind in _OF_OTHERS]
    claims = {claim.pk for claim in asked} | {claim.present_id for claim in asked if claim.present_id}
    if not claims:
        return OwnersSide([], [], [], [])
    is_open = Exists(open_objections(request).filter(pk=OuterRef("pk")))
    objections = (
        request.objections.annotate(is_open=is_open)
        .select_related("raised_by", "proof__claim")
        .prefetch_related("raised_by__identities")
    )
    confirmations = request.confirmations.select_related("confirmed_by", "proof", "claim").prefetch_related(
        "confirmed_by__identities"
    )
    return OwnersSide(
        [ObjectionLine(one, _login(one.raised_by), one.is_open) for one in objections],
        [(one, _login(one.confirmed_by)) for one in confirmations],
        list(request.windows.select_related("claim")),
        list(ClaimEvidence.objects.filter(claim__in=claims).select_related("claim")),
    )


def _login(user: User) -> str:
    return next((identity.login for identity in user.identities.all()), user.username)

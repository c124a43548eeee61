"""What the owners of an organisation have to do with a request, for the reviewer: told, confirmed, objected."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery

from bigcode_optout.accounts.models import GitHubIdentity, User
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
    def people(self) -> list[User]:
        """Who spoke for or against it."""
        return [line.objection.raised_by for line in self.objections] + [
            one.confirmed_by for one, _ in self.confirmations
        ]

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to show."""
        return not (self.objections or self.confirmations or self.windows or self.told)


def owners_side(request: RemovalRequest, *, happened: Collection[str]) -> OwnersSide:
    """Read in a few queries, whatever the request's size; in none where only own accounts are asked for.

    `items` with their claims are read before. `happened`: the codes of the request's events, so that only what there is
    is read.
    """
    asked = [item.claim for item in request.items.all() if item.claim.kind in _OF_OTHERS]
    claims = {claim.pk for claim in asked} | {claim.present_id for claim in asked if claim.present_id}
    if not claims:
        return OwnersSide([], [], [], [])
    return OwnersSide(
        _objections(request) if "object" in happened else [],
        _confirmations(request) if "confirm_owner" in happened else [],
        list(request.windows.select_related("claim")) if "open_window" in happened else [],
        list(ClaimEvidence.objects.filter(claim__in=claims).select_related("claim")),
    )


def _objections(request: RemovalRequest) -> list[ObjectionLine]:
    is_open = Exists(open_objections(request).filter(pk=OuterRef("pk")))
    found = (
        request.objections.annotate(is_open=is_open)
        .annotate(login=_first_login("raised_by"))
        .select_related("raised_by", "proof__claim")
    )
    return [ObjectionLine(one, one.login or one.raised_by.username, one.is_open) for one in found]


def _confirmations(request: RemovalRequest) -> list[tuple[OwnerConfirmation, str]]:
    found = request.confirmations.annotate(login=_first_login("confirmed_by"))
    return [
        (one, one.login or one.confirmed_by.username)
        for one in found.select_related("confirmed_by", "proof", "claim")
    ]


def _first_login(person: str) -> Subquery:
    """The login of the first GitHub account of whoever the column names, or None."""
    return Subquery(GitHubIdentity.objects.filter(user=OuterRef(person)).values("login")[:1])

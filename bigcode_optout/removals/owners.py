"""Reads about the owners of an organisation: who is known here, who agreed, who objects, what they may see."""

from datetime import timedelta
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from bigcode_optout.accounts.models import User
from bigcode_optout.accounts.policies import are_same_person
from bigcode_optout.claims.models import Claim, ClaimKind, Proof
from bigcode_optout.claims.queries import is_proven, role_claim
from bigcode_optout.core import clock
from bigcode_optout.removals import policies
from bigcode_optout.removals.lifecycle import OPEN
from bigcode_optout.removals.models import (
    Decision,
    Objection,
    ObjectionWindow,
    OwnerConfirmation,
    RemovalRequest,
    ScopeItem,
)

# A second owner's role was stated so shortly before the yes.
CONFIRM_FRESH = timedelta(days=1)
_ENOUGH_OWNERS = 2
# What is asked of an organisation: under its name of today and under those it had.
_OF_ORGANISATIONS = (ClaimKind.ORGANISATION, ClaimKind.FORMER_LOGIN)
TWO_OWNERS_RULE = "two_organisation_owners"
WINDOW_RULE = "organisation_window"
# They allow what is large, which has a switch of its own beside the one of its kind.
LARGE_RULES = frozenset({TWO_OWNERS_RULE, WINDOW_RULE})


def owner_claim(user: User, organisation_id: int) -> Claim | None:
    """The person's claim of the organisation with this number, if it is proven now; else None."""
    claims = Claim.objects.filter(user=user, kind=ClaimKind.ORGANISATION, subject_id=organisation_id)
    return next((claim for claim in claims.prefetch_related("proofs") if is_proven(claim)), None)


def owned_claims(user: User) -> list[Claim]:
    """The organisations that the person is proven to own."""
    claims = Claim.objects.filter(user=user, kind=ClaimKind.ORGANISATION, subject_id__isnull=False)
    return [claim for claim in claims.prefetch_related("proofs") if is_proven(claim)]


def stated_role(user: User, organisation_id: int) -> Proof | None:
    """GitHub's own and fresh word that one of the person's accounts owns the organisation, or None.

    A code in the profile does not count here: it shows that some owner agrees, not that this person is one.
    """
    claims = Claim.objects.filter(user=user, kind=ClaimKind.ORGANISATION, subject_id=organisation_id)
    proofs = (_membership(claim) for claim in claims.prefetch_related("proofs"))
    since = clock.now() - CONFIRM_FRESH
    return next((proof for proof in proofs if proof and proof.checked_at >= since), None)


def _membership(claim: Claim) -> Proof | None:
    """GitHub's last word about the role of the claim's person, if it was “owner” and still counts."""
    said = [
        proof
        for proof in claim.proofs.all()
        if proof.method == Proof.Method.MEMBERSHIP and proof.outcome != Proof.Outcome.UNAVAILABLE
    ]
    is_owner = bool(said) and said[0].outcome == Proof.Outcome.PROVEN and said[0].expires_at > clock.now()
    return said[0] if is_owner else None


def co_owners_of(organisation_id: int, *, besides: User) -> list[User]:
    """The people here, other than this human, who are proven owners of the organisation."""
    claims = (
        Claim.objects.filter(kind=ClaimKind.ORGANISATION, subject_id=organisation_id, user__is_active=True)
        .select_related("user")
        .prefetch_related("proofs")
        .order_by("user_id")
    )
    return [each.user for each in claims if is_proven(each) and not are_same_person(each.user, besides)]


class Agreement:
    """What the owners of organisations have said about one request. Read once, for all of its items."""

    def __init__(self, request: RemovalRequest) -> None:
        self.request = request

    @cached_property
    def confirmations(self) -> list[OwnerConfirmation]:
        """The yeses of other humans than the requester; one who turned out to be the same human does not count."""
        found = self.request.confirmations.select_related("confirmed_by", "claim")
        own = set(self.request.requester.identities.values_list("github_id", flat=True))
        return [
            one
            for one in found
            if one.github_id not in own and not policies.is_own(self.request, one.confirmed_by)
        ]

    @cached_property
    def _passed(self) -> set[int | None]:
        """Organisations whose window passed and about which no objection is open."""
        outcome = ObjectionWindow.Outcome.PASSED
        windows = self.request.windows.filter(outcome=outcome)
        objected = open_objections(self.request).values_list("organisation_id", flat=True)
        return set(windows.values_list("claim__subject_id", flat=True)) - set(objected)

    def is_consented(self, claim: Claim) -> bool:
        """True when an owner of the claim's organisation other than the requester agreed to it."""
        return any(_is_over(one, claim) for one in self.confirmations)

    def large_rule(self, claim: Claim) -> str:
        """The rule by which a large organisation's owners stand behind the request: two of them by name, or a window
        that passed; empty when neither. Whether the requester may decide at all is another question."""
        claim = role_claim(claim)
        if claim.kind != ClaimKind.ORGANISATION or claim.subject_id is None:
            return ""
        owners = {one.github_id for one in self.confirmations if _is_over(one, claim)}
        stated = _membership(claim)
        if stated is not None:
            owners.add(int(stated.evidence["viewer_id"]))
        if len(owners) >= _ENOUGH_OWNERS:
            return TWO_OWNERS_RULE
        return WINDOW_RULE if claim.subject_id in self._passed else ""


def _is_over(confirmation: OwnerConfirmation, claim: Claim) -> bool:
    asked, claim = confirmation.claim, role_claim(claim)
    return claim.subject_id is not None and (asked.kind, asked.subject_id) == (claim.kind, claim.subject_id)


def open_objections(request: RemovalRequest) -> QuerySet[Objection]:
    """Objections that stand and that no person has decided about since."""
    return open_objections_of(request.pk)


def open_objections_of(request_id: int | OuterRef) -> QuerySet[Objection]:
    """The same by the request's number, or for a query of requests."""
    return Objection.objects.filter(~Exists(_decided_since()), request=request_id, taken_back_at=None)


def was_heard(request: RemovalRequest, by: User, organisation_id: int) -> bool:
    """True when a person has decided since this one objected, also where the objection was taken back before."""
    raised = request.objections.filter(raised_by=by, organisation_id=organisation_id)
    return raised.filter(Exists(_decided_since())).exists()


def _decided_since() -> QuerySet[Decision]:
    return Decision.objects.filter(
        item__request=OuterRef("request"),
        item__claim__subject_id=OuterRef("organisation_id"),
        item__claim__kind__in=_OF_ORGANISATIONS,
        decided_by__isnull=False,
        decided_at__gt=OuterRef("raised_at"),
    )


def items_under_objection(request: RemovalRequest) -> set[int]:
    """Numbers of the items that no rule may accept while an objection is open."""
    if not request.objections.filter(taken_back_at=None).exists():
        # As good as always, and much quicker to ask.
        return set()
    organisations = open_objections(request).values("organisation_id")
    items = request.items.filter(claim__kind__in=_OF_ORGANISATIONS, claim__subject_id__in=organisations)
    return set(items.values_list("pk", flat=True))


def items_over(request: RemovalRequest, organisation_id: int) -> QuerySet[ScopeItem]:
    """What the request asks of this organisation."""
    return request.items.filter(claim__kind__in=_OF_ORGANISATIONS, claim__subject_id=organisation_id)


def items_read(request: RemovalRequest, organisation_id: int) -> list[ScopeItem]:
    """The same of a request whose items and claims were read before."""
    return [
        item
        for item in request.items.all()
        if item.claim.kind in _OF_ORGANISATIONS and item.claim.subject_id == organisation_id
    ]


def requests_over(organisation_id: int, *, by: User) -> list[RemovalRequest]:
    """Requests of other humans over the organisation that run, or were accepted and are not frozen; oldest first.

    For proven owners only: the caller has `owner_claim`. What they are shown is scope and date, never who asked. Items,
    windows and objections are read along.
    """
    over = ScopeItem.objects.filter(
        request=OuterRef("pk"), claim__kind__in=_OF_ORGANISATIONS, claim__subject_id=organisation_id
    )
    found = (
        RemovalRequest.objects.filter(Exists(over))
        .filter(Q(state__in=OPEN) | Q(state="accepted"))
        .select_related("requester", "dataset")
        .prefetch_related("items__claim", "windows__claim", "objections")
        .order_by("submitted_at")
    )
    return [
        one
        for one in found
        if not policies.is_own(one, by)
        and any(not item.frozen_at for item in items_read(one, organisation_id))
    ]

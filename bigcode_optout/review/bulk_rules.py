"""Which requests a bulk run leaves out, and why. Cheap for thousands: what is rare is looked at one by one."""

from collections import Counter
from collections.abc import Sequence

from django.db.models import QuerySet

from bigcode_optout.accounts.models import User
from bigcode_optout.accounts.policies import are_same_person
from bigcode_optout.claims.models import Claim, ClaimKind
from bigcode_optout.claims.queries import role_claim
from bigcode_optout.core.errors import DomainError
from bigcode_optout.removals import lifecycle, policies, second_look, two_people
from bigcode_optout.removals.lifecycle import Role, State
from bigcode_optout.removals.models import (
    Decision,
    Objection,
    OwnerConfirmation,
    RemovalRequest,
    ScopeItem,
)
from bigcode_optout.removals.two_people_rules import takes_two
from bigcode_optout.review import locks
from bigcode_optout.review.bulk_models import BulkRun
from bigcode_optout.review.line_models import QueueLine
from bigcode_optout.review.lines import facts_of
from bigcode_optout.review.queue import guard_title, guards_of
from bigcode_optout.review.words import PROOFS

_Verb = BulkRun.Verb
_Item = ScopeItem.ItemState
# The verbs that decide, with what they say of every open part.
_DECIDING = {_Verb.ACCEPT: Decision.Verdict.ACCEPT, _Verb.DENY: Decision.Verdict.DECLINE}
# Whoever asks for anything else asks for no organisation: its size is not asked for.
_MAY_BE_LARGE = (ClaimKind.ORGANISATION, ClaimKind.STATED)
_LOOK = "Look at it by itself."


class Weighing:
    """Requests, weighed for one verb by one person. Read once, for all of them."""

    def __init__(
        self,
        requests: Sequence[RemovalRequest],
        *,
        verb: str,
        by: User,
        to: User | None = None,
        reason: str = "",
    ) -> None:
        self.verb, self.by, self.to, self.reason = verb, by, to, reason
        numbers = [request.pk for request in requests]
        kept = QueueLine.objects.in_bulk(numbers)
        missing = [number for number in numbers if number not in kept]
        self._lines = {**kept, **(facts_of(missing) if missing else {})}
        self._open_by = locks.open_by_others(numbers, by=by)
        items = ScopeItem.objects.filter(request__in=numbers).order_by()
        frozen = items.filter(frozen_at__isnull=False)
        self._frozen = set(frozen.values_list("request_id", flat=True))
        spoke = [
            model.objects.filter(request__in=numbers).values_list("request_id", flat=True)
            for model in (Objection, OwnerConfirmation)
        ]
        self._heard = {number for found in spoke for number in found}
        is_deciding = verb in _DECIDING
        self._proposals = two_people.waiting(numbers) if is_deciding else {}
        self._claims = _claims_by_request(items.filter(state=_Item.OPEN)) if is_deciding else {}
        accepted = items.filter(state=_Item.ACCEPTED) if verb == _Verb.DENY else items.none()
        self._accepted = Counter(accepted.values_list("request_id", flat=True))

    def why_left_out(self, request: RemovalRequest) -> str:
        """The sentence that says why nothing is done to the request; empty when it is done. Its `requester` was
        read."""
        if self.verb == _Verb.ASSIGN:
            return self._why_not_assigned(request)
        return (
            self._forbidden(request)
            or self._open_elsewhere(request)
            or (self._needs_two(request) if self.verb in _DECIDING else "")
            or (self._doubtful(request) if self.verb == _Verb.ACCEPT else "")
            or self._accepted_in_part(request)
            or self._untrue(request)
        )

    def _forbidden(self, request: RemovalRequest) -> str:
        """State, permission, own request, and who spoke as an owner."""
        found = lifecycle.refusal(
            self.verb,
            State(request.state),
            Role.REVIEWER,
            is_frozen=request.pk in self._frozen,
            is_requester=policies.is_own(request, self.by),
            was_appealed=request.was_appealed,
        )
        if found is not None:
            return found.sentence
        if request.pk in self._heard and policies.has_taken_part(request, self.by):
            return "You spoke for or against this as an owner. Somebody else has to decide it."
        refusal: DomainError | None = None
        if self.verb in _DECIDING and request.was_appealed:
            refusal = second_look.refusal_of(request, self.by)
        return refusal.sentence if refusal else ""

    def _open_elsewhere(self, request: RemovalRequest) -> str:
        who = self._open_by.get(request.pk)
        return f"{who} has it open." if who else ""

    def _needs_two(self, request: RemovalRequest) -> str:
        proposal = self._proposals.get(request.pk)
        if proposal is not None:
            return f"{proposal.proposed_by.username} proposed a decision; it waits for a second reviewer."
        if request.pk in self._frozen or self._is_over_large(request):
            return f"This takes two reviewers. {_LOOK}"
        return ""

    def _is_over_large(self, request: RemovalRequest) -> bool:
        verdict = _DECIDING[_Verb(self.verb)]
        return any(takes_two(claim, request, verdict=verdict) for claim in self._claims.get(request.pk, ()))

    def _untrue(self, request: RemovalRequest) -> str:
        """The verb would refuse it, too (`removals.true_reasons`); here it is said beforehand, from the line."""
        is_account = f",{ClaimKind.ACCOUNT}," in self._lines[request.pk].scopes
        if self.reason == Decision.Reason.NO_AUTHORITY and is_account:
            return f"An account is in it, and no organisation has a say over that. {_LOOK}"
        return ""

    def _accepted_in_part(self, request: RemovalRequest) -> str:
        """A denial of what is open would leave the request accepted, and its requester would be told so."""
        count = self._accepted[request.pk]
        if not count:
            return ""
        parts = (
            "One part of it is accepted and stays"
            if count == 1
            else f"{count} parts of it are accepted and stay"
        )
        return f"{parts} so, so it would not be denied. {_LOOK}"

    def _doubtful(self, request: RemovalRequest) -> str:
        """A person looks at what a guard fired for, and at what was not shown."""
        line = self._lines[request.pk]
        guards = guards_of(line, was_appealed=request.was_appealed)
        if guards:
            return f"{'; '.join(guard_title(code) for code in guards)}. {_LOOK}"
        if line.proof != ScopeItem.ProofState.PROVEN:
            return f"Control of it: {PROOFS[line.proof].word.lower()}. {_LOOK}"
        return ""

    def _why_not_assigned(self, request: RemovalRequest) -> str:
        if request.state not in lifecycle.OPEN:
            return "It is closed: nothing is left to do."
        if policies.is_own(request, self.by):
            return "This is your own request."
        if self.to is not None and are_same_person(self.to, request.requester):
            return f"{self.to.username} asked for this."
        if request.assignee_id == (self.to.pk if self.to else None):
            return (
                f"It is on {self.to.username}’s desk already."
                if self.to
                else "It is on nobody’s desk already."
            )
        return ""


def _claims_by_request(items: QuerySet[ScopeItem]) -> dict[int, list[Claim]]:
    """The claims that the items stand on and that may be about something large, by the request's number."""
    pairs = set(items.values_list("request_id", "claim_id"))
    claims = (
        Claim.objects.filter(pk__in=items.values("claim"))
        .select_related("present")
        .prefetch_related("proofs", "present__proofs")
    )
    found = {claim.pk: claim for claim in claims if role_claim(claim).kind in _MAY_BE_LARGE}
    by_request: dict[int, list[Claim]] = {}
    for request_id, claim_id in pairs:
        if claim_id in found:
            by_request.setdefault(request_id, []).append(found[claim_id])
    return by_request

"""Two people decide: one proposes, another one confirms. Until then nothing is decided and nobody is told."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from bigcode_optout.accounts.models import User
from bigcode_optout.accounts.policies import are_same_person
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Forbidden, Missing, Refused
from bigcode_optout.removals import deciding, policies, second_look, true_reasons
from bigcode_optout.removals.events import locked, note
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import (
    Proposal,
    ProposedVerdict,
    RemovalRequest,
    RequestEvent,
    RequestState,
)
from bigcode_optout.removals.settling import Ruled, record, settle
from bigcode_optout.removals.two_people_rules import Need, needs_of
from bigcode_optout.removals.wording import Worded

_State = Proposal.ProposalState
# Events that change nothing of what was judged; any other makes a proposal stale.
_BESIDE = ("note", "assign", "remind")


@transaction.atomic
def decide_or_propose(*, by: User, request_id: int, verdicts: deciding.Verdicts) -> Proposal | None:
    """Decide where one reviewer is enough, else put it down for a second one: then the proposal comes back.

    Raises as `deciding.decide` and `propose` do.
    """
    request = locked(request_id)
    if needs_of(request, deciding.rule(request, by=by, verdicts=verdicts)):
        return propose(by=by, request_id=request_id, verdicts=verdicts)
    deciding.decide(by=by, request_id=request_id, verdicts=verdicts)
    return None


@transaction.atomic
def propose(*, by: User, request_id: int, verdicts: deciding.Verdicts) -> Proposal:
    """Put down what this reviewer would decide, for another one to confirm. The words are fixed now.

    Raises as `deciding.decide` does; `Refused` (`one_is_enough`) where one person may decide alone, `Conflict` where a
    proposal waits already.
    """
    request = locked(request_id)
    ruled = deciding.rule(request, by=by, verdicts=verdicts)
    needs = needs_of(request, ruled)
    if not needs:
        raise Refused("one_is_enough", "One reviewer may decide this. Decide it, or leave it open.")
    waiting_one = waiting([request_id]).get(request_id)
    if waiting_one is not None:
        raise Conflict(
            "proposed_already",
            f"{waiting_one.proposed_by.username} has proposed a decision. Answer that first.",
        )
    _close_overtaken(request)
    event = note(
        request,
        "propose",
        role=Role.REVIEWER,
        by=by,
        data={"items": [one.item.pk for one in ruled], "needs": [need.value for need in needs]},
        is_internal=True,
    )
    proposal = Proposal.objects.create(
        request=request,
        proposed_by=by,
        proposed_at=clock.now(),
        event_number=event.number,
        grounds=[need.value for need in needs],
    )
    ProposedVerdict.objects.bulk_create(_row(proposal, one) for one in ruled)
    return proposal


def _row(proposal: Proposal, one: Ruled) -> ProposedVerdict:
    return ProposedVerdict(
        proposal=proposal,
        item=one.item,
        verdict=one.verdict,
        reason=one.reason,
        sentence=one.words.sentence,
        language=one.words.language,
    )


def _close_overtaken(request: RemovalRequest) -> None:
    """What was proposed before the request changed is not waited for any more."""
    request.proposals.filter(state=_State.WAITING).update(state=_State.STALE, closed_at=clock.now())


@transaction.atomic
def confirm(*, by: User, request_id: int, proposal_id: int) -> RemovalRequest:
    """The second reviewer agrees: now it is decided, and the requester is told.

    Raises `Forbidden` for the first reviewer under whichever sign-in, for the requester and for whoever took a side;
    `Conflict` when the proposal was answered, or the request has changed since.
    """
    request, proposal = _held(request_id, proposal_id)
    _require_second(request, proposal, by=by)
    ruled = _ruled(proposal)
    accepts = any(one.verdict == "accept" for one in ruled)
    policies.require(request, "accept" if accepts else "deny", role=Role.REVIEWER, by=by)
    true_reasons.require_true(request, ruled)
    decided = record(ruled, by=proposal.proposed_by, confirmed_by=by)
    _close(proposal, _State.CONFIRMED, by=by)
    data = {**decided, "rules": [], "proposal": proposal.pk, "proposed_by": proposal.proposed_by_id}
    settle(request, role=Role.REVIEWER, by=by, data=data)
    return request


def _require_second(request: RemovalRequest, proposal: Proposal, *, by: User) -> None:
    if are_same_person(by, proposal.proposed_by):
        raise Forbidden("same_reviewer", "You proposed this. Another reviewer has to confirm it.")
    second_look.require_another(request, by=by)
    needs_senior = Need.LARGE.value in proposal.grounds
    if needs_senior and not any(each.has_perm(policies.SENIOR) for each in (by, proposal.proposed_by)):
        raise Forbidden("needs_senior", "One of the two has to be a senior reviewer.")
    if is_stale(proposal):
        raise Conflict(
            "proposal_stale", "The request has changed since this was proposed. It has to be looked at again."
        )


def _ruled(proposal: Proposal) -> list[Ruled]:
    rows = proposal.verdicts.select_related("item__claim__present", "item__request__dataset")
    return [Ruled(row.item, row.verdict, row.reason, Worded(row.sentence, row.language)) for row in rows]


@transaction.atomic
def refuse(*, by: User, request_id: int, proposal_id: int, reason: str) -> Proposal:
    """End a proposal with a reason: whoever proposed it takes it back, anybody else of the desk refuses it.

    The request waits for a decision again. Raises `Refused` without a reason, `Forbidden` for who does not work on this
    request, `Conflict` when it was answered already.
    """
    if not reason.strip():
        raise Refused("no_reason", "Write why it should not be decided so.")
    request, proposal = _held(request_id, proposal_id)
    policies.require_desk(request, by=by)
    is_own = are_same_person(by, proposal.proposed_by)
    if not is_own and policies.has_taken_part(request, by):
        raise Forbidden(
            "took_part", "You spoke for or against this as an owner. Somebody else has to answer it."
        )
    _close(proposal, _State.TAKEN_BACK if is_own else _State.REFUSED, by=by)
    note(
        request,
        "take_back_proposal" if is_own else "refuse_proposal",
        role=Role.REVIEWER,
        by=by,
        data={"proposal": proposal.pk},
        text=reason.strip(),
        is_internal=True,
    )
    return proposal


def _held(request_id: int, proposal_id: int) -> tuple[RemovalRequest, Proposal]:
    """The request, locked, and its proposal. Raises `Missing`, and `Conflict` when it does not wait any more."""
    request = locked(request_id)
    found = request.proposals.filter(pk=proposal_id).select_related("proposed_by", "closed_by")
    proposal = found.first()
    if proposal is None:
        raise Missing("no_proposal", "There is no such proposal.")
    if proposal.state != _State.WAITING:
        who = proposal.closed_by.username if proposal.closed_by else "the desk"
        raise Conflict(
            "proposal_closed", f"This proposal was {proposal.get_state_display()} by {who} just now."
        )
    return request, proposal


def _close(proposal: Proposal, state: Proposal.ProposalState, *, by: User) -> None:
    proposal.state, proposal.closed_by, proposal.closed_at = state, by, clock.now()
    proposal.save(update_fields=["state", "closed_by", "closed_at"])


def is_stale(proposal: Proposal) -> bool:
    """True when something happened to the request since that a judgement rests on."""
    return not _standing().filter(pk=proposal.pk).exists()


def waiting(request_ids: Iterable[int]) -> dict[int, Proposal]:
    """The proposals that wait for a second reviewer, by the request's number; `proposed_by` is read. One query.

    A stale one waits for nobody: its request is to be decided anew.
    """
    found = _standing().filter(request__in=list(request_ids)).select_related("proposed_by")
    return {each.request_id: each for each in found}


def _standing() -> QuerySet[Proposal]:
    later = RequestEvent.objects.filter(request=OuterRef("request"), number__gt=OuterRef("event_number"))
    return Proposal.objects.filter(
        ~Exists(later.exclude(code__in=_BESIDE)),
        state=_State.WAITING,
        request__state=RequestState.IN_REVIEW,
    )

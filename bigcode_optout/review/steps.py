"""The steps whose words the requester will read. Each is shown first and then carried out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bigcode_optout.accounts.models import User
from bigcode_optout.removals import services, two_people
from bigcode_optout.removals.deciding import Verdicts, declining
from bigcode_optout.removals.models import Decision, RemovalRequest, RequestState
from bigcode_optout.removals.rehearsing import Rehearsal, rehearse, rehearse_decision
from bigcode_optout.review.evidence import Evidence
from bigcode_optout.review.forms import AnswerForm, AskForm, DecisionForm, DenyForm, SeenForm

Data = Mapping[str, Any] | None
PROPOSED = "Proposed. A second reviewer has to confirm it; until then nothing is sent."
# What came of declining everything that was open, by the state that the request is in then.
DENIED: Mapping[str, str] = {
    RequestState.DENIED: "Denied.",
    RequestState.ACCEPTED: "Declined what was open. What was accepted before stays so: the request is accepted.",
}


@dataclass(frozen=True)
class Step:
    """`verb` of the lifecycle must be possible, and `is_open`. `show` rehearses and `act` does what a valid form says;
    what `act` gives back is told to the reviewer and stands in the log. `button` carries out what was rehearsed."""

    verb: str
    form: Callable[[Evidence, Data], SeenForm]
    show: Callable[[Any, User, int], Rehearsal]
    act: Callable[[Any, User, int], str]
    button: Callable[[Rehearsal], str]
    is_open: Callable[[Evidence], bool] = lambda seen: True


def _denying(form: DenyForm, request_id: int) -> Verdicts:
    return declining(request_id, Decision.Reason(form.cleaned_data["reason"]), form.cleaned_data["sentence"])


def _show_decision(form: DecisionForm, by: User, request_id: int) -> Rehearsal:
    return rehearse_decision(by=by, request_id=request_id, verdicts=form.verdicts())


def _decide(form: DecisionForm, by: User, request_id: int) -> str:
    proposal = two_people.decide_or_propose(by=by, request_id=request_id, verdicts=form.verdicts())
    return PROPOSED if proposal else "Decided."


def _show_denial(form: DenyForm, by: User, request_id: int) -> Rehearsal:
    return rehearse_decision(by=by, request_id=request_id, verdicts=_denying(form, request_id))


def _deny(form: DenyForm, by: User, request_id: int) -> str:
    verdicts = _denying(form, request_id)
    proposal = two_people.decide_or_propose(by=by, request_id=request_id, verdicts=verdicts)
    if proposal:
        return PROPOSED
    return DENIED[RemovalRequest.objects.values_list("state", flat=True).get(pk=request_id)]


def _denying_button(rehearsal: Rehearsal) -> str:
    if rehearsal.state == RequestState.DENIED:
        return "Deny and tell the requester"
    return "Decline what is open and tell the requester"


def _show_question(form: AskForm, by: User, request_id: int) -> Rehearsal:
    act = partial(services.ask, by=by, request_id=request_id, question=form.cleaned_data["question"])
    return rehearse(act, request_id=request_id)


def _ask(form: AskForm, by: User, request_id: int) -> str:
    services.ask(by=by, request_id=request_id, question=form.cleaned_data["question"])
    return "Asked. The clock stands still until the answer."


def _show_confirmation(form: AnswerForm, by: User, request_id: int) -> Rehearsal:
    act = partial(two_people.confirm, by=by, request_id=request_id, proposal_id=form.cleaned_data["proposal"])
    return rehearse(act, request_id=request_id)


def _confirm(form: AnswerForm, by: User, request_id: int) -> str:
    two_people.confirm(by=by, request_id=request_id, proposal_id=form.cleaned_data["proposal"])
    return "Confirmed and decided."


STEPS: Mapping[str, Step] = {
    "confirm": Step(
        "deny",
        lambda seen, data: AnswerForm(
            data,
            initial={"seen": seen.seen, "proposal": seen.proposal.pk if seen.proposal else None},
            prefix="confirm",
        ),
        _show_confirmation,
        _confirm,
        lambda rehearsal: "Confirm it and tell the requester",
        lambda seen: seen.proposal is not None,
    ),
    "decide": Step(
        "accept",
        lambda seen, data: DecisionForm(seen.open_parts, data, initial={"seen": seen.seen}),
        _show_decision,
        _decide,
        lambda rehearsal: "Decide and tell the requester",
        lambda seen: seen.proposal is None,
    ),
    "deny": Step(
        "deny",
        lambda seen, data: DenyForm(seen.open_parts, data, initial={"seen": seen.seen}, prefix="deny"),
        _show_denial,
        _deny,
        _denying_button,
        lambda seen: seen.proposal is None,
    ),
    "ask": Step(
        "ask",
        lambda seen, data: AskForm(data, initial={"seen": seen.seen}, prefix="ask"),
        _show_question,
        _ask,
        lambda rehearsal: "Ask the requester",
    ),
}


def forms_for(seen: Evidence) -> dict[str, SeenForm]:
    """Empty forms for the steps that the viewer may take now."""
    return {
        name: step.form(seen, None)
        for name, step in STEPS.items()
        if step.verb in seen.verbs and step.is_open(seen) and (name != "confirm" or seen.may_confirm)
    }

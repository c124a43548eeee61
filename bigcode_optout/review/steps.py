"""The steps whose words the requester will read. Each is shown first and then carried out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bigcode_optout.accounts.models import User
from bigcode_optout.removals import services
from bigcode_optout.removals.models import Decision, RemovalRequest
from bigcode_optout.review.evidence import Evidence
from bigcode_optout.review.forms import AskForm, DecisionForm, DenyForm, SeenForm

Data = Mapping[str, Any] | None


@dataclass(frozen=True)
class Step:
    """`verb` of the lifecycle must be possible. `act` is done with a valid form. `button` carries it out."""

    verb: str
    form: Callable[[Evidence, Data], SeenForm]
    act: Callable[[Any, User, int], RemovalRequest]
    button: str
    done: str


def _decide(form: DecisionForm, by: User, request_id: int) -> RemovalRequest:
    return services.decide(by=by, request_id=request_id, verdicts=form.verdicts())


def _deny(form: DenyForm, by: User, request_id: int) -> RemovalRequest:
    reason = Decision.Reason(form.cleaned_data["reason"])
    return services.deny(by=by, request_id=request_id, reason=reason, sentence=form.cleaned_data["sentence"])


def _ask(form: AskForm, by: User, request_id: int) -> RemovalRequest:
    return services.ask(by=by, request_id=request_id, question=form.cleaned_data["question"])


STEPS: Mapping[str, Step] = {
    "decide": Step(
        "accept",
        lambda seen, data: DecisionForm(seen.open_parts, data, initial={"seen": seen.seen}),
        _decide,
        "Decide and tell the requester",
        "Decided.",
    ),
    "deny": Step(
        "deny",
        lambda seen, data: DenyForm(data, initial={"seen": seen.seen}, prefix="deny"),
        _deny,
        "Deny and tell the requester",
        "Denied.",
    ),
    "ask": Step(
        "ask",
        lambda seen, data: AskForm(data, initial={"seen": seen.seen}, prefix="ask"),
        _ask,
        "Ask the requester",
        "Asked. The clock stands still until the answer.",
    ),
}


def forms_for(seen: Evidence) -> dict[str, SeenForm]:
    """Empty forms for the steps that the viewer may take now."""
    return {name: step.form(seen, None) for name, step in STEPS.items() if step.verb in seen.verbs}

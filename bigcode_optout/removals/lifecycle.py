"""The lifecycle of a removal request: one table, no Django. Buttons, admin, mails, diagram and tests read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    NEEDS_INFORMATION = "needs_information"
    ACCEPTED = "accepted"
    DENIED = "denied"
    MERGED = "merged"
    FULFILLED = "fulfilled"
    WITHDRAWN = "withdrawn"
    OPTED_BACK_IN = "opted_back_in"
    EXPIRED = "expired"


class Role(StrEnum):
    """In which capacity somebody acts."""

    REQUESTER = "requester"
    REVIEWER = "reviewer"
    POLICY = "policy"
    SYSTEM = "system"
    CO_OWNER = "co_owner"


class Freeze(StrEnum):
    """What a verb asks of the freeze when the request is accepted."""

    ANY = "any"
    NOT_FROZEN = "not_frozen"
    FROZEN = "frozen"


@dataclass(frozen=True)
class Transition:
    """One row: `verb` leads from any of `sources` to `target` when done by one of `roles`.

    `freeze` applies to the source `accepted` only.
    """

    verb: str
    sources: frozenset[State]
    target: State
    roles: frozenset[Role]
    freeze: Freeze = Freeze.ANY
    needs_another_person: bool = False
    only_once: bool = False


OPEN = frozenset({State.SUBMITTED, State.IN_REVIEW, State.NEEDS_INFORMATION})


def _row(
    verb: str, sources: set[State] | frozenset[State], target: State, *roles: Role, **more: object
) -> Transition:
    return Transition(verb, frozenset(sources), target, frozenset(roles), **more)  # type: ignore[arg-type]


TABLE: Mapping[str, Transition] = {
    row.verb: row
    for row in (
        _row("submit", {State.DRAFT}, State.SUBMITTED, Role.REQUESTER),
        _row("begin_review", {State.SUBMITTED}, State.IN_REVIEW, Role.SYSTEM),
        _row("ask", {State.IN_REVIEW}, State.NEEDS_INFORMATION, Role.REVIEWER, needs_another_person=True),
        _row("answer", {State.NEEDS_INFORMATION}, State.IN_REVIEW, Role.REQUESTER),
        _row(
            "accept", {State.IN_REVIEW}, State.ACCEPTED, Role.REVIEWER, Role.POLICY, needs_another_person=True
        ),
        _row("deny", {State.IN_REVIEW}, State.DENIED, Role.REVIEWER, needs_another_person=True),
        _row("appeal", {State.DENIED}, State.IN_REVIEW, Role.REQUESTER, only_once=True),
        _row("object", OPEN | {State.ACCEPTED}, State.IN_REVIEW, Role.CO_OWNER, freeze=Freeze.NOT_FROZEN),
        _row(
            "reopen",
            {State.ACCEPTED, State.DENIED},
            State.IN_REVIEW,
            Role.REVIEWER,
            freeze=Freeze.NOT_FROZEN,
            needs_another_person=True,
        ),
        # Beside the design's table, from its section 6 (docs/decisions/0016): public facts contradict the proof. What
        # stands on a frozen list is doubted like anything else: the next list needs a decision.
        _row(
            "contradict",
            {State.IN_REVIEW, State.NEEDS_INFORMATION, State.ACCEPTED, State.FULFILLED},
            State.IN_REVIEW,
            Role.SYSTEM,
        ),
        _row(
            "merge",
            {State.SUBMITTED, State.IN_REVIEW},
            State.MERGED,
            Role.SYSTEM,
            Role.REVIEWER,
            needs_another_person=True,
        ),
        # Part of `merge` in the design: what was merged counts again when the earlier one stands for it no more.
        _row("revive", {State.MERGED}, State.SUBMITTED, Role.SYSTEM),
        _row("fulfil", {State.ACCEPTED}, State.FULFILLED, Role.SYSTEM, freeze=Freeze.FROZEN),
        _row("withdraw", OPEN | {State.ACCEPTED}, State.WITHDRAWN, Role.REQUESTER, freeze=Freeze.NOT_FROZEN),
        _row(
            "opt_back_in",
            {State.ACCEPTED, State.FULFILLED},
            State.OPTED_BACK_IN,
            Role.REQUESTER,
            freeze=Freeze.FROZEN,
        ),
        # Beside the design (docs/decisions/0003): an accepted part outlives an unanswered question about another one.
        _row("conclude", {State.NEEDS_INFORMATION}, State.ACCEPTED, Role.SYSTEM),
        _row("expire", {State.DRAFT, State.NEEDS_INFORMATION}, State.EXPIRED, Role.SYSTEM),
    )
}


@dataclass(frozen=True)
class Refusal:
    """Why a verb is not possible now: a code for machines and a sentence for people."""

    code: str
    sentence: str


def refusal(
    verb: str, state: State, role: Role, *, is_frozen: bool, is_requester: bool, was_appealed: bool = False
) -> Refusal | None:
    """Why `role` may not do `verb` to a request in `state`, or None if it may.

    `is_frozen`: an item of it stands in a frozen release. `is_requester`: the actor asked for this request.
    Raises KeyError for a verb that the table does not have.
    """
    row = TABLE[verb]
    if role not in row.roles:
        return Refusal("wrong_role", f"A {role.replace('_', ' ')} cannot {_spoken(verb)} a request.")
    if row.needs_another_person and is_requester:
        return Refusal("own_request", "This is your own request. Somebody else has to decide it.")
    if role in (Role.REQUESTER,) and not is_requester:
        return Refusal("not_yours", "Only the person who asked can do this.")
    if state not in row.sources:
        return Refusal(
            "wrong_state", f"This request is {_spoken(state)} and cannot be changed in this way any more."
        )
    if state is State.ACCEPTED and row.freeze is Freeze.NOT_FROZEN and is_frozen:
        return Refusal("frozen", "The list for the next version is frozen with this request on it.")
    if state is State.ACCEPTED and row.freeze is Freeze.FROZEN and not is_frozen:
        return Refusal("not_frozen", "This request is not part of a frozen release yet.")
    if row.only_once and was_appealed:
        return Refusal("appealed", "A decision can be appealed once.")
    return None


def possible_verbs(
    state: State, role: Role, *, is_frozen: bool, is_requester: bool, was_appealed: bool = False
) -> list[str]:
    """The verbs that `role` may do now, in the table's order."""
    return [
        verb
        for verb in TABLE
        if refusal(
            verb, state, role, is_frozen=is_frozen, is_requester=is_requester, was_appealed=was_appealed
        )
        is None
    ]


def _spoken(word: str) -> str:
    return word.replace("_", " ")

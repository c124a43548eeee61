"""The lifecycle of a release: one table, no Django. Services, commands, the admin's buttons, the diagram and the tests
read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a release stands."""

    OPEN = "open"
    FROZEN = "frozen"
    HANDED_OVER = "handed_over"
    VERIFIED = "verified"
    FAILED = "failed"
    PUBLISHED = "published"


# From these on the dataset's builders have the list.
GIVEN = frozenset({State.HANDED_OVER, State.VERIFIED, State.FAILED, State.PUBLISHED})


@dataclass(frozen=True)
class Transition:
    """One row: `verb` leads from any of `sources` to `target` for whoever has `permission`.

    `otherwise`: what is said in another state; `{name}` is the release, `{state}` its state in words.
    """

    verb: str
    sources: frozenset[State]
    target: State
    permission: str
    otherwise: str


def _row(verb: str, sources: set[State], target: State, permission: str, otherwise: str) -> Transition:
    return Transition(verb, frozenset(sources), target, f"releases.{permission}", otherwise)


TABLE: Mapping[str, Transition] = {
    row.verb: row
    for row in (
        _row(
            "freeze",
            {State.OPEN},
            State.FROZEN,
            "freeze_release",
            "{name} was frozen before. A frozen release does not change.",
        ),
        _row(
            "hand_over",
            {State.FROZEN},
            State.HANDED_OVER,
            "hand_over_release",
            "{name} is {state}; only a frozen release is handed over.",
        ),
        # One report a scope kind, or one a part of the shards: each clean one is kept.
        _row(
            "verify",
            {State.HANDED_OVER, State.VERIFIED},
            State.VERIFIED,
            "record_verification",
            "{name} is {state}; a release is verified after it was handed over, until it failed or is published.",
        ),
        # What was found is gathered: later reports may find more.
        _row(
            "fail",
            {State.HANDED_OVER, State.VERIFIED, State.FAILED},
            State.FAILED,
            "record_verification",
            "{name} is {state}; a release is verified after it was handed over, until it is published.",
        ),
        _row(
            "publish",
            {State.VERIFIED},
            State.PUBLISHED,
            "publish_release",
            "{name} is {state}; only a verified release is published.",
        ),
    )
}
# Where a release begins, in the diagram's words.
BEGIN = ("plan", State.OPEN)


@dataclass(frozen=True)
class Refusal:
    """Why a verb is not possible now: a code for machines and a sentence for people."""

    code: str
    sentence: str


def refusal(verb: str, state: State, *, name: str) -> Refusal | None:
    """Why `verb` cannot be done to the release called `name`, or None if it can. Raises KeyError for another verb."""
    row = TABLE[verb]
    if state in row.sources:
        return None
    sentence = row.otherwise.format(name=name, state=spoken(state))
    if state is State.FAILED:
        sentence += " It failed: plan a patch release in its place."
    return Refusal(f"not_{verb}", sentence)


def possible_verbs(state: State) -> list[str]:
    """The verbs that lead on from a state, in the table's order."""
    return [verb for verb, row in TABLE.items() if state in row.sources]


def spoken(word: str) -> str:
    """`handed over`."""
    return word.replace("_", " ")

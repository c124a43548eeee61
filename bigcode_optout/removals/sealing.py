"""What events keep of a request's parts and decisions, so that no row of theirs can be put in other words unseen."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Protocol

from bigcode_optout.removals.chaining import seal


class Part(Protocol):
    """A scope item, or a row with its columns. `salt` is empty once its name was erased."""

    pk: int
    kind: str
    name: str
    name_valid_until: date | None
    owner_id: int | None
    repository_id: int | None
    files: bool
    commits: bool
    issues: bool
    salt: str


class Decided(Protocol):
    """A decision, or a row with its columns."""

    pk: int
    verdict: str
    reason: str
    rule: str
    sentence: str
    language: str
    decided_at: datetime


def seal_of_scope(part: Part) -> str:
    """What the requester asked for: from the day it was sent."""
    return seal(part.salt, [part.kind, part.name, bool(part.files), bool(part.commits), bool(part.issues)])


def seal_of_subject(part: Part) -> str:
    """What was decided about: with the numbers and the last day that were learned until then."""
    numbers = [part.owner_id, part.repository_id, part.name_valid_until]
    return seal(part.salt, [seal_of_scope(part), *numbers])


def seal_of_words(part: Part, decision: Decided) -> str:
    """What the requester was told, and when."""
    return seal(part.salt, [decision.sentence, decision.language, decision.decided_at])


def scope_of(parts: Iterable[Part]) -> dict[str, str]:
    """For the event that brings the parts, by their numbers."""
    return {str(part.pk): seal_of_scope(part) for part in parts}


def decided_row(part: Part, decision: Decided) -> list[Any]:
    """For the event of the decision: numbers and codes as they are, the rest sealed. `DecidedRow` reads it."""
    codes = [decision.verdict, decision.reason, decision.rule]
    return [part.pk, decision.pk, *codes, seal_of_subject(part), seal_of_words(part, decision)]

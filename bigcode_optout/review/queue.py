"""What a line of the queue says about a request, in words. The line itself is kept beside the request (`lines`)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bigcode_optout.core import clock
from bigcode_optout.removals.models import RemovalRequest, RequestState, ScopeItem
from bigcode_optout.review.line_models import QueueLine
from bigcode_optout.review.lines import OBJECTION, codes_in, facts_of
from bigcode_optout.review.words import CLAIMS, GUARDS, PROOFS, Mark

APPEAL = "appeal"


@dataclass(frozen=True)
class Line:
    """A request in short. `counts` says what the versions hold, or how the search goes."""

    scope: list[str]
    counts: str
    proof: Mark
    guards: list[str] = field(default_factory=list)


def lines(requests: Sequence[RemovalRequest]) -> dict[int, Line]:
    """The line of each request, by its number. The requests' `queue_line` was read; what has none yet is computed."""
    kept = {request.pk: line for request in requests if (line := getattr(request, "queue_line", None))}
    missing = facts_of([request.pk for request in requests if request.pk not in kept])
    return {request.pk: _line(request, kept.get(request.pk) or missing[request.pk]) for request in requests}


def _line(request: RemovalRequest, line: QueueLine) -> Line:
    return Line(
        scope=[part_in_short(*part) for part in line.scope] + _rest(line),
        counts=_counts(request, line),
        proof=PROOFS[line.proof],
        guards=[guard_title(code) for code in guards_of(line, was_appealed=request.was_appealed)],
    )


def guards_of(line: QueueLine, *, was_appealed: bool) -> list[str]:
    """The codes of what asks for a second look: an appeal and an objection first."""
    codes = codes_in(line.guards)
    first = ([APPEAL] if was_appealed else []) + ([OBJECTION] if OBJECTION in codes else [])
    return first + [code for code in codes if code != OBJECTION]


def guard_title(code: str) -> str:
    """A guard in words."""
    return {APPEAL: "Appeal", OBJECTION: "Objection"}.get(code) or GUARDS.get(code, code)


def _rest(line: QueueLine) -> list[str]:
    rest = line.item_count - len(line.scope)
    return [f"and {rest:,} more"] if rest else []


def part_in_short(kind: str, claim_kind: str, name: str, kinds: Sequence[str]) -> str:
    """A part in one phrase: `organisation acme-x: everything`, `account ysolde: files only`, `repository a/b`."""
    is_owner = kind == ScopeItem.Kind.OWNER
    what = CLAIMS[claim_kind] if is_owner else "repository"
    if len(kinds) == 3:
        return f"{what} {name}: everything" if is_owner else f"{what} {name}"
    return f"{what} {name}: {' and '.join(kinds)} only"


def in_short(item: ScopeItem) -> str:
    """The same of an item whose `claim` was read."""
    return part_in_short(item.kind, item.claim.kind, item.name, item.kinds)


def _counts(request: RemovalRequest, line: QueueLine) -> str:
    if request.state == RequestState.SUBMITTED:
        later = request.next_attempt_at
        if request.attempt_count and later and later > clock.now():
            return f"search will be tried again at {later:%H:%M} UTC"
        return "search is under way"
    if not line.holdings:
        return "no version to search"
    return ", ".join(_count(holding, is_first=not number) for number, holding in enumerate(line.holdings))


def _count(holding: list[Any], *, is_first: bool) -> str:
    version, repositories = holding
    if repositories is None:
        return f"{version} not searched"
    word = (" repository" if repositories == 1 else " repositories") if is_first else ""
    return f"{repositories:,}{word} in {version}"

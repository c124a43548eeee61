"""What a policy would have decided: the last days' requests once more, on paper."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from bigcode_optout.claims.authority import Verdict
from bigcode_optout.claims.authority_guards import Guard
from bigcode_optout.claims.models import ClaimKind
from bigcode_optout.claims.queries import role_claim
from bigcode_optout.core import clock
from bigcode_optout.removals.automatic import LARGE, Policy
from bigcode_optout.removals.lifecycle import State
from bigcode_optout.removals.models import RemovalRequest, ScopeItem
from bigcode_optout.removals.organisation_size import Size, size_by
from bigcode_optout.removals.owners import Agreement

DAYS = 30
SIZE_GUARDS = frozenset({Guard.LARGE_ORGANISATION.value, Guard.MEMBERS_NOT_COUNTED.value})
_NOT_JUDGED = (State.DRAFT.value, State.SUBMITTED.value)


@dataclass(frozen=True)
class Outcome:
    """One request under two policies: whether all its parts would be accepted without a person."""

    request: RemovalRequest
    is_accepted_now: bool
    is_accepted_then: bool

    @property
    def differs(self) -> bool:
        """True when the change would have mattered to this request."""
        return self.is_accepted_now != self.is_accepted_then


@dataclass
class Trial:
    """Figures over the requests of the last `DAYS` days that were judged, and those that would go another way."""

    judged_count: int = 0
    accepted_now: int = 0
    accepted_then: int = 0
    changed: list[Outcome] = field(default_factory=list)


def try_out(now: Policy, then: Policy) -> Trial:
    """Judge the last 30 days' requests under both policies, by the facts that are kept. Changes nothing, asks nobody.

    Sizes are those of today. One query a thousand requests, and a few for each part over an organisation.
    """
    trial = Trial()
    for outcome in _outcomes(now, then):
        trial.judged_count += 1
        trial.accepted_now += outcome.is_accepted_now
        trial.accepted_then += outcome.is_accepted_then
        if outcome.differs:
            trial.changed.append(outcome)
    return trial


def _outcomes(now: Policy, then: Policy) -> Iterator[Outcome]:
    since = clock.now() - timedelta(days=DAYS)
    requests = (
        RemovalRequest.objects.filter(submitted_at__gte=since)
        .exclude(state__in=_NOT_JUDGED)
        .prefetch_related("items__claim__present__proofs", "items__claim__proofs")
        .order_by("-submitted_at", "-pk")
    )
    for request in requests.iterator(chunk_size=1000):
        items = list(request.items.all())
        yield Outcome(request, _all_accepted(items, request, now), _all_accepted(items, request, then))


def _all_accepted(items: Iterable[ScopeItem], request: RemovalRequest, policy: Policy) -> bool:
    judged = [_is_accepted(item, request, policy) for item in items]
    return bool(judged) and all(judged)


def _is_accepted(item: ScopeItem, request: RemovalRequest, policy: Policy) -> bool:
    """As `acceptance.allowed_by_rule` would, from the judgement that is kept with the part."""
    other_guards = set(item.assessment.get("guards", [])) - SIZE_GUARDS
    is_proven = item.proof_state == Verdict.PROVEN.value and not other_guards
    if not (is_proven and policy.accepts_kind(item.claim.kind)):
        return False
    if role_claim(item.claim).kind != ClaimKind.ORGANISATION:
        return True
    if size_by(item.claim, request, policy) is Size.SMALL:
        return True
    return policy.accepts_kind(LARGE) and bool(Agreement(request).large_rule(item.claim))

"""An appeal is a second look, so it is by other eyes than the first one, and by a senior reviewer."""

from collections.abc import Iterable

from bigcode_optout.accounts.models import User
from bigcode_optout.accounts.policies import are_same_person
from bigcode_optout.core.errors import Forbidden
from bigcode_optout.removals import policies
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import RemovalRequest, RequestEvent

_DENYING = ("deny", "decide_items")
_APPEAL = "appeal"


def denied_by(request: RemovalRequest, events: Iterable[RequestEvent] | None = None) -> list[User]:
    """The reviewers who took part in the denial that was appealed; nobody where there was no appeal.

    One query, and another one where somebody had proposed it; one less where the request's `events` were read before,
    each with its `by`.
    """
    if not request.was_appealed:
        return []
    if events is None:
        events = request.events.filter(code__in=(*_DENYING, _APPEAL)).select_related("by")
    listed = list(events)
    appealed = max((event.number for event in listed if event.code == _APPEAL), default=0)
    denials = [
        event
        for event in listed
        if event.code in _DENYING and event.by_role == Role.REVIEWER and event.number < appealed
    ]
    return _people(denials)


def _people(denials: Iterable[RequestEvent]) -> list[User]:
    """Who pressed the button, and who had proposed what was confirmed."""
    found = {event.by.pk: event.by for event in denials if event.by is not None}
    proposed = {event.data["proposed_by"] for event in denials if event.data.get("proposed_by")} - set(found)
    return [*found.values(), *(User.objects.filter(pk__in=proposed) if proposed else ())]


def refusal_of(
    request: RemovalRequest, by: User, events: Iterable[RequestEvent] | None = None
) -> Forbidden | None:
    """Why this reviewer does not decide the appeal, or None where they may or there is none; `events` as above."""
    if not request.was_appealed:
        return None
    if any(are_same_person(by, each) for each in denied_by(request, events)):
        return Forbidden(
            "denied_before", "You denied this, and it was appealed. Somebody else has to look at it now."
        )
    if not by.has_perm(policies.SENIOR):
        return Forbidden("needs_senior", "An appeal is decided by a senior reviewer.")
    return None


def require_another(request: RemovalRequest, *, by: User) -> None:
    """Raises `Forbidden` unless this reviewer may take the second look."""
    refusal = refusal_of(request, by)
    if refusal is not None:
        raise refusal

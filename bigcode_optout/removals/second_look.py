"""An appeal is a second look, so it is by other eyes than the first one, and by a senior reviewer."""

from collections.abc import Iterable

from bigcode_optout.accounts.models import User
from bigcode_optout.accounts.policies import are_same_person
from bigcode_optout.core.errors import Forbidden
from bigcode_optout.removals import policies
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import RemovalRequest

_DENYING = ("deny", "decide_items")


def denied_by(request: RemovalRequest) -> list[User]:
    """The reviewers who took part in the denial that was appealed; nobody where there was no appeal. Two queries."""
    if not request.was_appealed:
        return []
    appeal = request.events.filter(code="appeal").order_by("-number").first()
    if appeal is None:
        return []
    events = request.events.filter(code__in=_DENYING, by_role=Role.REVIEWER.value, number__lt=appeal.number)
    return list(User.objects.filter(pk__in=_people(events.values_list("by_id", "data"))))


def _people(events: Iterable[tuple[int | None, dict[str, int]]]) -> set[int]:
    """Who pressed the button, and who had proposed what was confirmed."""
    found = {person for by, data in events for person in (by, data.get("proposed_by"))}
    return {person for person in found if person is not None}


def refusal_of(request: RemovalRequest, by: User) -> Forbidden | None:
    """Why this reviewer does not decide the appeal, or None where they may, or where there is none."""
    if not request.was_appealed:
        return None
    if any(are_same_person(by, each) for each in denied_by(request)):
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

"""Who may do what to a request, read from the lifecycle's table."""

from collections.abc import Iterable

from django.db.models import Q

from bigcode_optout.accounts.models import User
from bigcode_optout.accounts.policies import are_same_person
from bigcode_optout.core.errors import Conflict, Forbidden
from bigcode_optout.removals import lifecycle
from bigcode_optout.removals.lifecycle import Role, State
from bigcode_optout.removals.models import RemovalRequest, ScopeItem

READ_REQUESTS = "removals.view_removalrequest"
DECIDE = "removals.decide_removalrequest"
SENIOR = "removals.decide_senior"
_BEFORE_ANY_FREEZE = (State.DRAFT, State.SUBMITTED)
_FORBIDDEN = {"wrong_role", "own_request", "not_yours"}


def is_own(request: RemovalRequest, user: User) -> bool:
    """True when the user asked for the request, as this row or as another one that is known to be the same human."""
    return user.pk == request.requester_id or are_same_person(user, request.requester)


def _is_requester(request: RemovalRequest, by: User | None, role: Role) -> bool:
    """What the requester may do, only the sign-in that asked may; what others decide, no sign-in of that human may."""
    if by is None or role is Role.REQUESTER:
        return by is not None and by.pk == request.requester_id
    return is_own(request, by)


def has_taken_part(request: RemovalRequest, user: User) -> bool:
    """True when this human spoke for or against the request as an owner of an organisation, in whichever row."""
    objected = Q(pk__in=request.objections.values("raised_by"))
    confirmed = Q(pk__in=request.confirmations.values("confirmed_by"))
    return any(are_same_person(user, one) for one in User.objects.filter(objected | confirmed))


def _is_barred(request: RemovalRequest, verb: str, role: Role, by: User | None) -> bool:
    """Who took a side does not decide as a reviewer."""
    needs_another = lifecycle.TABLE[verb].needs_another_person
    return needs_another and role is Role.REVIEWER and by is not None and has_taken_part(request, by)


def is_frozen(request: RemovalRequest) -> bool:
    """True when a part of the request stands in a frozen release. Reads nothing where none can: a part is frozen only
    after it was accepted."""
    return request.state not in _BEFORE_ANY_FREEZE and any(item.frozen_at for item in request.items.all())


def _is_frozen_for(request: RemovalRequest, verb: str) -> bool:
    """An objection is to parts, so it is too late for it when every one is frozen; for all else one is enough.

    The table asks for it of accepted requests only."""
    if request.state != State.ACCEPTED:
        return False
    if verb != "object":
        return is_frozen(request)
    return all(item.frozen_at for item in request.items.all() if item.state != ScopeItem.ItemState.DECLINED)


def require(request: RemovalRequest, verb: str, *, role: Role, by: User | None) -> None:
    """Raise `Forbidden` or `Conflict` with a sentence unless `by` may do `verb` as `role` now."""
    if role is Role.REVIEWER and (by is None or not by.has_perm(DECIDE)):
        raise Forbidden("no_permission", "You are not a reviewer.")
    found = lifecycle.refusal(
        verb,
        State(request.state),
        role,
        is_frozen=_is_frozen_for(request, verb),
        is_requester=_is_requester(request, by, role),
        was_appealed=request.was_appealed,
    )
    if found is None and not _is_barred(request, verb, role, by):
        return
    if found is None:
        raise Forbidden(
            "took_part", "You spoke for or against this as an owner. Somebody else has to decide it."
        )
    raise (Forbidden if found.code in _FORBIDDEN else Conflict)(found.code, found.sentence)


def works_at_desk(request: RemovalRequest, by: User) -> bool:
    """True for a reviewer who did not ask: may write notes about the request and take it on."""
    return by.has_perm(DECIDE) and not is_own(request, by)


def require_desk(request: RemovalRequest, *, by: User) -> None:
    """Raise `Forbidden` unless `by` is a reviewer who did not ask for this request."""
    if not works_at_desk(request, by):
        raise Forbidden("no_permission", "Only a reviewer who did not ask can do this.")


def verbs_for(
    request: RemovalRequest, by: User, role: Role, *, spoke: Iterable[User] | None = None
) -> list[str]:
    """The verbs that `by` may do now: what buttons are made from. `spoke`: who took a side, if that was read before."""
    if role is Role.REVIEWER and not by.has_perm(DECIDE):
        return []
    verbs = lifecycle.possible_verbs(
        State(request.state),
        role,
        is_frozen=is_frozen(request),
        is_requester=_is_requester(request, by, role),
        was_appealed=request.was_appealed,
    )
    if role is not Role.REVIEWER:
        return verbs
    took_part = (
        has_taken_part(request, by) if spoke is None else any(are_same_person(by, each) for each in spoke)
    )
    if not took_part:
        return verbs
    return [verb for verb in verbs if not lifecycle.TABLE[verb].needs_another_person]

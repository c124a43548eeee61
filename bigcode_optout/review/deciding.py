"""Decide what was seen: first a rehearsal that shows what the requester will read, then the real thing."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from bigcode_optout.core.errors import Conflict
from bigcode_optout.removals.events import locked
from bigcode_optout.removals.models import Decision, OutboxMessage, RemovalRequest, RequestState, ScopeItem
from bigcode_optout.review.words import event_title

Act = Callable[[], RemovalRequest]


@dataclass(frozen=True)
class Rehearsal:
    """What would come of a step: the request's state, the decisions, and the mail (None: no address was given)."""

    state: str
    decisions: list[Decision]
    mail: OutboxMessage | None

    @property
    def alike(self) -> list[list[Decision]]:
        """The decisions; those about repositories of one claim in the same words stand together."""
        groups: dict[tuple[object, ...], list[Decision]] = {}
        for each in self.decisions:
            item = each.item
            of_one = (item.pk,) if item.kind == ScopeItem.Kind.OWNER else (None, item.claim_id)
            groups.setdefault((*of_one, each.verdict, each.reason, each.sentence), []).append(each)
        return list(groups.values())

    @property
    def is_settled(self) -> bool:
        """True when nothing would be left open."""
        return self.state in (RequestState.ACCEPTED, RequestState.DENIED)


def require_seen(request: RemovalRequest, seen: int) -> None:
    """Raise `Conflict` with who did what, unless the request still has the `seen` events that it had when looked at."""
    newest = request.events.select_related("by").order_by("-number").first()
    if newest is None or newest.number == seen:
        return
    who = newest.by.username if newest.by_role == "reviewer" and newest.by else f"the {newest.by_role}"
    raise Conflict(
        "changed_meanwhile",
        f"This request changed while you were at it: “{event_title(newest.code)}” by {who} just now. "
        "Nothing of yours was sent. Look again.",
    )


@transaction.atomic
def carry_out(act: Act, *, request_id: int, seen: int) -> RemovalRequest:
    """Do `act` to what was looked at. Raises as `require_seen` does, and whatever `act` raises."""
    require_seen(locked(request_id), seen)
    return act()


def rehearse(act: Act, *, request_id: int, seen: int) -> Rehearsal:
    """What `act` would do, through the very services, and undone again. Raises as `carry_out` does."""
    with transaction.atomic():
        decisions = Decision.objects.filter(item__request=request_id)
        mails = OutboxMessage.objects.filter(request=request_id)
        known_decisions = set(decisions.values_list("pk", flat=True))
        known_mails = set(mails.values_list("pk", flat=True))
        done = carry_out(act, request_id=request_id, seen=seen)
        rehearsal = Rehearsal(
            state=done.state,
            decisions=list(
                decisions.exclude(pk__in=known_decisions).select_related("item__claim").order_by("item_id")
            ),
            mail=mails.exclude(pk__in=known_mails).first(),
        )
        # Bells are rung on commit only, so none is rung here.
        transaction.set_rollback(True)
    return rehearsal

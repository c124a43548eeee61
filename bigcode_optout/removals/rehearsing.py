"""What a step would do, found out through the very services and undone again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.removals import deciding
from bigcode_optout.removals.events import locked
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import Decision, OutboxMessage, RemovalRequest, RequestState, ScopeItem
from bigcode_optout.removals.settling import record, settle
from bigcode_optout.removals.two_people_rules import Need, needs_of

Act = Callable[[], RemovalRequest]


@dataclass(frozen=True)
class Rehearsal:
    """What would come of a step: the request's state, the decisions, and the mail (None: no address was given, or none
    is sent). `needs`: why it takes a second reviewer first."""

    state: str
    decisions: list[Decision]
    mail: OutboxMessage | None
    needs: Sequence[Need] = field(default=())

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


def rehearse(act: Act, *, request_id: int, needs: Sequence[Need] = ()) -> Rehearsal:
    """What `act` would do. Raises whatever it raises."""
    with transaction.atomic():
        decisions = Decision.objects.filter(item__request=request_id)
        mails = OutboxMessage.objects.filter(request=request_id)
        known_decisions = set(decisions.values_list("pk", flat=True))
        known_mails = set(mails.values_list("pk", flat=True))
        done = act()
        new = decisions.exclude(pk__in=known_decisions).select_related("item__claim")
        rehearsal = Rehearsal(
            state=done.state,
            decisions=list(new.order_by("item_id")),
            mail=mails.exclude(pk__in=known_mails).first(),
            needs=needs,
        )
        # Bells are rung on commit only, so none is rung here.
        transaction.set_rollback(True)
    return rehearsal


def rehearse_decision(*, by: User, request_id: int, verdicts: deciding.Verdicts) -> Rehearsal:
    """What the requester would read of these verdicts, once a second reviewer has confirmed what takes two.

    Raises as `deciding.decide` does, save for the number of people.
    """
    with transaction.atomic():
        request = locked(request_id)
        ruled = deciding.rule(request, by=by, verdicts=verdicts)
        needs = needs_of(request, ruled)

        def act() -> RemovalRequest:
            settle(request, role=Role.REVIEWER, by=by, data={"items": record(ruled, by=by), "rules": []})
            return request

        return rehearse(act, request_id=request_id, needs=needs)

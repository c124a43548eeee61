"""A reviewer decides: accept or decline items, each for itself. What takes two people goes through `two_people`."""

from collections.abc import Mapping

from django.db import transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.core.errors import Refused
from bigcode_optout.removals import policies, second_look, true_reasons, two_people_rules
from bigcode_optout.removals.events import locked
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import Decision, RemovalRequest, ScopeItem
from bigcode_optout.removals.settling import ItemVerdict, Ruled, record, settle, word

Verdicts = Mapping[int, ItemVerdict]


@transaction.atomic
def decide(*, by: User, request_id: int, verdicts: Verdicts) -> RemovalRequest:
    """Accept or decline items. When none is left open the request is accepted (any item was) or denied.

    Raises `Forbidden` for the requester, for people without the permission and for who denied what was appealed;
    `Conflict` when it is not in review; `Refused` (`needs_second_reviewer`) for what one person cannot decide alone,
    and for a reason that is not true or lacks its words.
    """
    request = locked(request_id)
    ruled = rule(request, by=by, verdicts=verdicts)
    needs = two_people_rules.needs_of(request, ruled)
    if needs:
        raise Refused("needs_second_reviewer", f"{needs[0].sentence} A second reviewer has to confirm it.")
    settle(request, role=Role.REVIEWER, by=by, data={**record(ruled, by=by), "rules": []})
    return request


def deny(*, by: User, request_id: int, reason: Decision.Reason, sentence: str = "") -> RemovalRequest:
    """Decline everything that is still open, for one reason. Raises as `decide` does."""
    return decide(by=by, request_id=request_id, verdicts=declining(request_id, reason, sentence))


def declining(request_id: int, reason: Decision.Reason, sentence: str = "") -> dict[int, ItemVerdict]:
    """The verdicts that decline everything that is still open, for one reason."""
    open_items = ScopeItem.objects.filter(request_id=request_id, state=ScopeItem.ItemState.OPEN)
    one = ItemVerdict(Decision.Verdict.DECLINE, reason, sentence)
    return dict.fromkeys(open_items.values_list("pk", flat=True), one)


def rule(request: RemovalRequest, *, by: User, verdicts: Verdicts) -> list[Ruled]:
    """The verdicts with their words, checked against everything but the number of people. The request is locked."""
    accepts = any(one.verdict == Decision.Verdict.ACCEPT for one in verdicts.values())
    policies.require(request, "accept" if accepts else "deny", role=Role.REVIEWER, by=by)
    second_look.require_another(request, by=by)
    items = {item.pk: item for item in request.items.select_related("claim__present", "request__dataset")}
    if not set(verdicts) <= set(items):
        raise Refused("no_item", "This part does not belong to the request.")
    true_reasons.require_fitting(verdicts.values())
    ruled = word((items[item_id], one) for item_id, one in verdicts.items())
    true_reasons.require_true(request, ruled)
    return ruled

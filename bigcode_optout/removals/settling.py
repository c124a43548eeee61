"""What every decision comes down to, whoever takes it: a row for each item, and the request moved when none is open.

No checks of who may: `deciding`, `two_people` and the policy ask before. The caller holds the lock of `events.locked`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict
from bigcode_optout.removals import outbox
from bigcode_optout.removals.chaining import new_salt
from bigcode_optout.removals.events import move, note
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import Decision, RemovalRequest, ScopeItem
from bigcode_optout.removals.sealing import decided_row
from bigcode_optout.removals.wording import Worded, Wordings


@dataclass(frozen=True)
class ItemVerdict:
    """What is decided about one item. Without `sentence` the text that counts for the reason is sent."""

    verdict: Decision.Verdict
    reason: Decision.Reason
    sentence: str = ""


@dataclass(frozen=True)
class Ruled:
    """A verdict about an item with the words that go out."""

    item: ScopeItem
    verdict: str
    reason: str
    words: Worded


def word(pairs: Iterable[tuple[ScopeItem, ItemVerdict]]) -> list[Ruled]:
    """The verdicts with their words, in the requester's language. Raises `Refused` when “other” comes without any."""
    wordings = Wordings()
    return [
        Ruled(item, one.verdict, one.reason, wordings.worded(item, one.verdict, one.reason, one.sentence))
        for item, one in pairs
    ]


def record(
    ruled: Iterable[Ruled],
    *,
    by: User | None,
    rule: str | Mapping[int, str] = "",
    confirmed_by: User | None = None,
) -> dict[str, Any]:
    """Write the decisions, by a person or by a rule (for all, or by the item's number). What comes back goes with the
    event: the items' numbers, and what was decided of each (`sealing`).

    Raises `Conflict` for an item that was decided meanwhile.
    """
    decided: list[list[Any]] = []
    for one in ruled:
        if one.item.state != ScopeItem.ItemState.OPEN:
            raise Conflict("item_decided", f"{one.item} was decided by somebody else just now.")
        decision = Decision.objects.create(
            item=one.item,
            verdict=one.verdict,
            reason=one.reason,
            sentence=one.words.sentence,
            language=one.words.language,
            rule=rule if isinstance(rule, str) else rule[one.item.pk],
            decided_by=by,
            confirmed_by=confirmed_by,
            decided_at=clock.now(),
        )
        accepted = one.verdict == Decision.Verdict.ACCEPT
        one.item.state = ScopeItem.ItemState.ACCEPTED if accepted else ScopeItem.ItemState.DECLINED
        # What was asked for before parts had one.
        one.item.salt = one.item.salt or new_salt()
        one.item.save(update_fields=["state", "salt"])
        decided.append(decided_row(one.item, decision))
    return {"items": [row[0] for row in decided], "decided": decided}


def settle(request: RemovalRequest, *, role: Role, by: User | None, data: Mapping[str, Any]) -> None:
    """Write what was decided, and move and tell when nothing is left open. `data` goes with the event."""
    states = set(request.items.values_list("state", flat=True))
    if ScopeItem.ItemState.OPEN in states:
        note(request, "decide_items", role=role, by=by, data=dict(data))
        return
    request.decided_at = clock.now()
    verb = "accept" if ScopeItem.ItemState.ACCEPTED in states else "deny"
    move(request, verb, role=role, by=by, data=dict(data))
    outbox.write(request, "accepted" if verb == "accept" else "denied")

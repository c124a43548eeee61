"""An appeal with both sides: what was denied in which words, by whom, and what the requester says to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bigcode_optout.removals.models import Decision, RemovalRequest, ScopeItem
from bigcode_optout.review.history import HistoryLine


@dataclass(frozen=True)
class AppealSides:
    """`words` are the requester's; `denials` the decisions that they speak against, newest of each part, the same words
    once, with how many parts they were said of. `is_open` until the second look is taken."""

    appealed: HistoryLine
    denials: Sequence[tuple[Decision, int]]
    is_open: bool


def appeal_sides(
    history: Sequence[HistoryLine], request: RemovalRequest, decisions: Mapping[int, Sequence[Decision]]
) -> AppealSides | None:
    """Out of what the page has read: the history and each item's decisions, newest first, and the items. No query."""
    appealed = next((line for line in history if line.code == "appeal"), None)
    if appealed is None:
        return None
    denials: dict[tuple[str, str, int | None], tuple[Decision, int]] = {}
    for item in request.items.all():
        before = [one for one in decisions.get(item.pk, ()) if one.decided_at <= appealed.happened_at]
        declined = next((one for one in before if one.verdict == Decision.Verdict.DECLINE), None)
        if declined is not None:
            key = (declined.reason, declined.sentence, declined.decided_by_id)
            denials[key] = (declined, denials.get(key, (declined, 0))[1] + 1)
    is_open = any(item.state == ScopeItem.ItemState.OPEN for item in request.items.all())
    return AppealSides(appealed, list(denials.values()), is_open)

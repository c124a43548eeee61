"""What happened to a request, in the desk's words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bigcode_optout.accounts.models import User
from bigcode_optout.removals.models import RemovalRequest, RequestEvent
from bigcode_optout.review.words import event_title, rule_title


@dataclass(frozen=True)
class HistoryLine:
    """An event: what, by whom, and the words that belong to it."""

    happened_at: datetime
    title: str
    by: str
    text: str
    is_internal: bool
    code: str = ""


def history_lines(
    request: RemovalRequest, events: Sequence[RequestEvent], *, requester_name: str
) -> list[HistoryLine]:
    """The events as `queries.history_of` gives them, newest first. A query only where it was given to somebody unheard
    of."""
    names = _assignee_names(events, request)
    return [
        HistoryLine(
            happened_at=event.happened_at,
            title=_title(event, names),
            by=_by(event, requester_name),
            text=event.words.text if hasattr(event, "words") else "",
            is_internal=event.is_internal,
            code=event.code,
        )
        for event in reversed(events)
    ]


def _assignee_names(events: Iterable[RequestEvent], request: RemovalRequest) -> dict[int, str]:
    """Who it was given to. Mostly that is who has it now, or who gave it to themselves."""
    ids = {event.data["to"] for event in events if event.code == "assign" and event.data.get("to")}
    people = [event.by for event in events if event.by] + ([request.assignee] if request.assignee else [])
    known = {user.pk: user.username for user in people if user.pk in ids}
    missing = ids - set(known)
    found = User.objects.filter(pk__in=missing).values_list("pk", "username") if missing else ()
    return known | dict(found)


def _by(event: RequestEvent, requester_name: str) -> str:
    if event.by_role == "requester":
        return requester_name
    if event.by_role == "co_owner":
        # Who it was stands beside the evidence, where it is not shown to who asked.
        return "another owner"
    return event.by.username if event.by else "the desk"


def _title(event: RequestEvent, names: Mapping[int, str]) -> str:
    special = _TITLES.get(event.code)
    return special(event, names) if special else event_title(event.code)


def _accepted(event: RequestEvent, names: Mapping[int, str]) -> str:
    rules = [f"“{rule_title(rule)}”" for rule in event.data.get("rules", [])]
    return f"{event_title(event.code)} by rule {', '.join(rules)}" if rules else event_title(event.code)


def _assigned(event: RequestEvent, names: Mapping[int, str]) -> str:
    to = names.get(event.data.get("to") or 0)
    return f"Assigned to {to}" if to else "Put back, assigned to nobody"


def _on_list(event: RequestEvent, names: Mapping[int, str]) -> str:
    word = "Frozen on the list" if event.code == "freeze" else "In the list handed over"
    return f"{word} for {event.data.get('release', 'a release')}"


def _merged(event: RequestEvent, names: Mapping[int, str]) -> str:
    other = event.data.get("into") or event.data.get("merged") or event.data.get("ended")
    others = event.data.get("references") or ([other] if other else [])
    return f"{event_title(event.code)}: {', '.join(others)}" if others else event_title(event.code)


_TITLES: Mapping[str, Callable[[RequestEvent, Mapping[int, str]], str]] = {
    "accept": _accepted,
    "decide_items": _accepted,
    "assign": _assigned,
    "merge": _merged,
    "absorb": _merged,
    "revive": _merged,
    "asked_before": _merged,
    "freeze": _on_list,
    "hand_over": _on_list,
}

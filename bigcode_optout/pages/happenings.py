"""What a requester reads about each event of a request: a title and a sentence. Events without words are not told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bigcode_optout.removals.assessing import RULE_TITLES
from bigcode_optout.removals.models import LocateRun, RemovalRequest, RequestEvent, ScopeItem

_NAMED = 2


@dataclass(frozen=True)
class Telling:
    """A request with what its story is told from."""

    request: RemovalRequest
    items: Mapping[int, ScopeItem]
    runs: Sequence[LocateRun]
    mailed_kinds: frozenset[str]

    def names(self, numbers: Iterable[int]) -> str:
        """The items with these numbers: owners by name, repositories by name while they are few."""
        found = [self.items[number] for number in numbers if number in self.items]
        owners = [item.name for item in found if item.kind == ScopeItem.Kind.OWNER]
        repositories = [item.name for item in found if item.kind == ScopeItem.Kind.REPOSITORY]
        if len(repositories) > _NAMED:
            repositories = [f"{len(repositories):,} repositories"]
        return " and ".join([*repositories, *owners])


Words = tuple[str, str]


def _submit(telling: Telling, event: RequestEvent) -> Words:
    mailed = " A copy goes to you by mail." if "received" in telling.mailed_kinds else ""
    return "You sent the request", f"The receipt was made.{mailed}"


def _begin_review(telling: Telling, event: RequestEvent) -> Words:
    done = [run for run in telling.runs if run.state == LocateRun.RunState.DONE]
    failed = [run.version.name for run in telling.runs if run.state != LocateRun.RunState.DONE]
    if not telling.runs:
        return "There was nothing to search", "No version is registered here yet."
    found = ", ".join(
        f"{plural(run.repository_count, 'repository', 'repositories')} in {run.version.name}" for run in done
    )
    sentences = [f"Found: {found}."] if found else []
    if failed:
        sentences.append(f"{' and '.join(failed)} could not be searched.")
    title = (
        f"We searched {plural(len(done), 'version', 'versions')}"
        if done
        else "We tried to search the versions"
    )
    return title, " ".join(sentences)


def _accept(telling: Telling, event: RequestEvent) -> Words:
    names = telling.names(event.data.get("items", [])) or "your request"
    rules = " and ".join(f"“{RULE_TITLES.get(code, code)}”" for code in event.data.get("rules", []))
    if rules:
        return f"Accepted: {names}", f"GitHub showed that you may decide: rule {rules}. No person was needed."
    return f"A reviewer decided about {names}", "The decision stands beside each part above."


def _split_off(telling: Telling, event: RequestEvent) -> Words:
    count = len(event.data.get("items", []))
    return (
        f"{plural(count, 'repository', 'repositories')} under the former name shown to be yours",
        "What was shown is decided for itself and need not wait for the rest of the name.",
    )


def _freeze(telling: Telling, event: RequestEvent) -> Words:
    return (
        f"The list for {event.data['release']} was frozen with it",
        "Nothing on that list changes any more.",
    )


def _hand_over(telling: Telling, event: RequestEvent) -> Words:
    return f"It is in the list handed over for {event.data['release']}", ""


def _found_left(telling: Telling, event: RequestEvent) -> Words:
    return (
        f"Something of it was still in the files of {event.data['release']}",
        "It was seen before that version came out, so it does not come out like that. A new list takes its place, and "
        "you need do nothing.",
    )


def _fulfil(telling: Telling, event: RequestEvent) -> Words:
    names = telling.names(event.data.get("items", [])) or "it"
    version = event.data.get("version", "")
    return (
        f"{version} is out without {names}",
        "Its files were searched before, and nothing of it was found. The receipt says what was searched.",
    )


def _withdraw(telling: Telling, event: RequestEvent) -> Words:
    was_frozen = any(item.frozen_at for item in telling.items.values())
    later = "It goes on no later list. A part of it stands on a list that was frozen before."
    return "You withdrew the request", later if was_frozen else "It goes on no list."


def _merge(telling: Telling, event: RequestEvent) -> Words:
    return (
        "Merged with an earlier request of yours",
        f"You had asked for the same before, in {event.data['into']}.",
    )


def _revive(telling: Telling, event: RequestEvent) -> Words:
    return (
        "It counts again",
        f"{event.data['ended']}, with which it was merged, does not stand for it any more.",
    )


def _new_evidence(telling: Telling, event: RequestEvent) -> Words:
    if event.data.get("what") == "told":
        return "You told us more about who may decide", "A reviewer reads it."
    return "There is more to see about who may decide", "What was checked stands beside each part above."


_WINDOW_ENDS = {
    "passed": "No owner objected in time",
    "objected": "An owner objected in time",
    "nobody_told": "The time to object is over, but no owner could be told by mail",
    "not_needed": "The time to object ended with the request",
}


def _close_window(telling: Telling, event: RequestEvent) -> Words:
    return _WINDOW_ENDS.get(event.data.get("outcome", ""), "The time to object is over"), ""


def _contradict(telling: Telling, event: RequestEvent) -> Words:
    names = telling.names(event.data.get("items", [])) or "a part of it"
    return (
        f"GitHub says otherwise by now: {names}",
        "It belonged to the account when it was decided. A reviewer looks at it again.",
    )


def _always(title: str, sentence: str = "") -> Callable[[Telling, RequestEvent], Words]:
    return lambda telling, event: (title, sentence)


HAPPENINGS: Mapping[str, Callable[[Telling, RequestEvent], Words]] = {
    "submit": _submit,
    "begin_review": _begin_review,
    "accept": _accept,
    "decide_items": _accept,
    "split_off": _split_off,
    "deny": _always("A reviewer denied the request", "The reason stands beside each part above."),
    "ask": _always("A reviewer asked you"),
    "answer": _always("You answered"),
    "appeal": _always("You asked for a second look"),
    "object": _always("Another owner objected", "A reviewer decides, with both sides to read."),
    "take_back_objection": _always("The objection was taken back", "A reviewer still decides."),
    "new_evidence": _new_evidence,
    "invite_owner": _always("You made a link for another owner", "It works once, for seven days."),
    "confirm_owner": _always("Another owner confirmed it"),
    "open_window": _always(
        "The other owners were told", "The organisation is large. They have seven days to object."
    ),
    "close_window": _close_window,
    "contradict": _contradict,
    "invite_to_confirm": _always("We asked you to show your role once more", "What you asked stands."),
    "reopen": _always("The decision was taken back", "A reviewer looks at it again."),
    "merge": _merge,
    "revive": _revive,
    "join_people": _always(
        "Two of your accounts here became one", "Everything of both stands in one place now."
    ),
    "freeze": _freeze,
    "hand_over": _hand_over,
    "found_left": _found_left,
    "fulfil": _fulfil,
    "fulfil_items": _fulfil,
    "withdraw": _withdraw,
    "opt_back_in": _always("You opted back in", "It holds from the next frozen list on."),
    "conclude": _always(
        "The question was not answered in time", "What was accepted before stands. The rest was declined."
    ),
    "remind": _always("We reminded you of the question"),
    "expire": _always("The question was not answered in time, so the request ended", "You can ask again."),
}
# What these say was written for, or by, the requester.
WITH_WORDS = frozenset({"ask", "answer", "appeal"})


def plural(number: int, one: str, many: str) -> str:
    """`1 repository`, `1,204 repositories`."""
    return f"{number:,} {one if number == 1 else many}"

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


def _freeze(telling: Telling, event: RequestEvent) -> Words:
    return (
        f"The list for {event.data['release']} was frozen with it",
        "Nothing on that list changes any more.",
    )


def _hand_over(telling: Telling, event: RequestEvent) -> Words:
    return f"It is in the list handed over for {event.data['release']}", ""


def _withdraw(telling: Telling, event: RequestEvent) -> Words:
    was_frozen = any(item.frozen_at for item in telling.items.values())
    later = "It goes on no later list. A part of it stands on a list that was frozen before."
    return "You withdrew the request", later if was_frozen else "It goes on no list."


def _always(title: str, sentence: str = "") -> Callable[[Telling, RequestEvent], Words]:
    return lambda telling, event: (title, sentence)


HAPPENINGS: Mapping[str, Callable[[Telling, RequestEvent], Words]] = {
    "submit": _submit,
    "begin_review": _begin_review,
    "accept": _accept,
    "decide_items": _accept,
    "deny": _always("A reviewer denied the request", "The reason stands beside each part above."),
    "ask": _always("A reviewer asked you"),
    "answer": _always("You answered"),
    "appeal": _always("You asked for a second look"),
    "object": _always("Another owner objected", "A reviewer looks at it again."),
    "reopen": _always("The decision was taken back", "A reviewer looks at it again."),
    "merge": _always("Merged with an earlier request of yours", "You had asked for the same before."),
    "freeze": _freeze,
    "hand_over": _hand_over,
    "fulfil": _always("Left out and verified"),
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

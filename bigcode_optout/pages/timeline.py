"""What happened to a request and what is to come, in plain words, oldest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bigcode_optout.pages.happenings import HAPPENINGS, WITH_WORDS, Telling
from bigcode_optout.releases.models import Release, ReleaseState
from bigcode_optout.releases.queries import counting, next_release, releases_with
from bigcode_optout.removals.models import RemovalRequest, RequestEvent, RequestState, ScopeItem
from bigcode_optout.removals.queries import history_of, parts_of

DONE, NOW, TO_COME = "", "now", "to-come"
_MAY_BE_FROZEN = (
    RequestState.SUBMITTED,
    RequestState.IN_REVIEW,
    RequestState.NEEDS_INFORMATION,
    RequestState.ACCEPTED,
)


@dataclass(frozen=True)
class Entry:
    """One bar of the timeline. `place` is a class: empty, `now` or `to-come`. `words`: a person's own, as written."""

    title: str
    sentence: str = ""
    at: datetime | None = None
    place: str = DONE
    words: str = ""


def timeline_of(request: RemovalRequest) -> list[Entry]:
    """Past, present and future of the request. Internal events are not told."""
    telling = Telling(
        request,
        {item.pk: item for item in parts_of(request)},
        list(request.locate_runs.select_related("version")),
        frozenset(request.mails.values_list("kind", flat=True)),
    )
    history = history_of(request, with_internal=False)
    return [*_past(telling, history), *_present(telling), *_future(request)]


def _past(telling: Telling, history: list[RequestEvent]) -> Iterator[Entry]:
    is_asked = telling.request.state == RequestState.NEEDS_INFORMATION
    asked = [event.pk for event in history if event.code == "ask"][-1:] if is_asked else []
    for event in history:
        if event.code not in HAPPENINGS:
            continue
        title, sentence = HAPPENINGS[event.code](telling, event)
        words = _words(event) if event.code in WITH_WORDS else ""
        if event.pk in asked:
            yield Entry(title, "The clock stands still until you answer.", event.happened_at, NOW, words)
        else:
            yield Entry(title, sentence, event.happened_at, DONE, words)


def _words(event: RequestEvent) -> str:
    """What a person wrote; empty where it was erased."""
    return event.words.text if hasattr(event, "words") else ""


def _present(telling: Telling) -> Iterator[Entry]:
    request = telling.request
    if request.state == RequestState.SUBMITTED:
        yield Entry(
            "We are searching the dataset", "Every version, for everything that you asked for.", place=NOW
        )
    elif request.state == RequestState.IN_REVIEW:
        waiting = [pk for pk, item in telling.items.items() if item.state == ScopeItem.ItemState.OPEN]
        due = request.due_at
        sentence = f"You get a decision by {due.day} {due:%B %Y}." if due else ""
        yield Entry(f"A reviewer decides about {telling.names(waiting) or 'it'}", sentence, place=NOW)


def _future(request: RemovalRequest) -> Iterator[Entry]:
    held_by = counting(releases_with(request))
    if request.state in _MAY_BE_FROZEN and not held_by:
        release = next_release(request.dataset.slug)
        name, planned = (release.name, release.freeze_planned_at) if release else ("the next version", None)
        sentence = (
            "You can withdraw until then." if planned else "No day is set yet. You can withdraw until then."
        )
        yield Entry(f"The list for {name} is frozen", sentence, planned, TO_COME)
    if request.state == RequestState.ACCEPTED:
        for release in held_by:
            yield from _of_list(release)


def _of_list(release: Release) -> Iterator[Entry]:
    version = release.version_names[-1]
    if release.state == ReleaseState.FROZEN:
        yield Entry(f"The list goes to those who build {version}", place=TO_COME)
    if release.state in (ReleaseState.FROZEN, ReleaseState.HANDED_OVER):
        yield Entry(
            f"Before {version} comes out its files are searched for what you asked for",
            "It comes out only if nothing is found.",
            place=TO_COME,
        )
    if release.state == ReleaseState.VERIFIED:
        yield Entry(
            f"{version} comes out",
            "Its files were searched: nothing of it is there.",
            place=TO_COME,
        )

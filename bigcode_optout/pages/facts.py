"""The strip on top of a request: where it stands, who is to act, by when, and from which version it is left out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from bigcode_optout.pages.parts import Part
from bigcode_optout.pages.standing import MARKS, Standing
from bigcode_optout.releases.cut_off import CutOff, cut_off_of
from bigcode_optout.releases.lifecycle import GIVEN
from bigcode_optout.releases.models import Publication, Release
from bigcode_optout.releases.queries import counting, next_release, releases_with
from bigcode_optout.removals.models import RemovalRequest, RequestState
from bigcode_optout.removals.queries import LIFTED


@dataclass(frozen=True)
class Facts:
    """What the strip says. `releases`: the frozen lists that hold a part of it and have not failed, oldest first;
    `publication`: of the newest of their versions that is out; `cut_off`: of the next list, where a day is planned;
    `is_back`: some of it stands in a version that should be without it."""

    request: RemovalRequest
    parts: list[Part]
    releases: list[Release]
    next_release: Release | None
    publication: Publication | None = None
    cut_off: CutOff | None = None
    is_back: bool = False

    @property
    def mark(self) -> str:
        """The class of the state mark."""
        return MARKS.get(self.request.state, "settled")

    @property
    def waiting_on(self) -> str:
        """`Us`, `You`, or nothing."""
        return Standing(self.request, self.releases).waiting_on

    @property
    def answer_by(self) -> datetime | None:
        """Until when an open question waits."""
        stopped = self.request.clock_stopped_at
        is_asked = self.request.state == RequestState.NEEDS_INFORMATION
        return stopped + timedelta(days=settings.ANSWER_DAYS) if stopped and is_asked else None

    @property
    def days_left(self) -> int | None:
        """Whole days that are left for the decision once the question is answered."""
        due, stopped = self.request.due_at, self.request.clock_stopped_at
        return max(0, (due - stopped).days) if due and stopped else None

    @property
    def is_in_time(self) -> bool | None:
        """True when it is decided before the next list is frozen; None where that is not known, or not waited for."""
        due = self.request.due_at
        waits = self.waiting_on == "Us" and not self.releases
        return due <= self.cut_off.freeze_at if waits and due and self.cut_off else None

    @property
    def is_accepted(self) -> bool:
        """True when a part of it is accepted and stands."""
        return any(part.is_accepted for part in self.parts)

    @property
    def is_lifted(self) -> bool:
        """True when it asks for nothing any more."""
        return self.request.state in (*LIFTED, RequestState.DENIED) or (
            self.request.state == RequestState.EXPIRED and not self.is_accepted
        )

    @property
    def handed_over(self) -> Release | None:
        """The newest list with it that was handed over."""
        found = [release for release in self.releases if release.state in GIVEN]
        return found[-1] if found else None

    @property
    def lead(self) -> str:
        """The page's first sentence."""
        state = self.request.state
        if state == RequestState.ACCEPTED:
            left_in = any(not part.is_accepted for part in self.parts)
            whole = "A part of it is accepted, the rest is declined." if left_in else "Accepted."
            return f"{whole} You need do nothing more."
        if state == RequestState.IN_REVIEW and self.is_accepted:
            return "A part of it is accepted. For the rest a reviewer decides."
        if state == RequestState.DENIED and not self.request.was_appealed:
            return f"{_LEADS[state]} You can ask for a second look."
        if state == RequestState.FULFILLED and self.is_back:
            return _BACK
        return _LEADS.get(state, "")


_LEADS: dict[str, str] = {
    RequestState.SUBMITTED: "We have it, and are looking for it in every version.",
    RequestState.IN_REVIEW: "A reviewer decides about it.",
    RequestState.DENIED: "We do not leave it out. The reason stands beside each part.",
    RequestState.MERGED: "You had asked for the same before. That request stands.",
    RequestState.FULFILLED: "Left out. The version’s files were searched before it came out: nothing of it was there.",
    RequestState.WITHDRAWN: "You withdrew it. The receipt stays valid as a record.",
    RequestState.OPTED_BACK_IN: "You opted back in. It holds from the next frozen list on.",
    RequestState.EXPIRED: "It ended, because our question was not answered. You can ask again.",
}


_BACK = "The version’s files were searched before it came out. All the same, some of it stands in a version: see below."


def facts_of(request: RemovalRequest, parts: list[Part], *, is_back: bool = False) -> Facts:
    """The facts of a request with its parts."""
    releases = counting(releases_with(request))
    published = Publication.objects.filter(release__in=releases).order_by("-published_at").first()
    slug = request.dataset.slug
    return Facts(request, parts, releases, next_release(slug), published, cut_off_of(slug), is_back)

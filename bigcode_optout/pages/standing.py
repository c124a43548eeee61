"""How a request stands, in the few words of a table row."""

from collections.abc import Sequence
from dataclasses import dataclass

from bigcode_optout.names import fold
from bigcode_optout.releases.models import Release
from bigcode_optout.releases.queries import counting, releases_with
from bigcode_optout.removals.models import RemovalRequest, RequestState, ScopeItem
from bigcode_optout.removals.queries import WAITING_ON_US

# Classes of the state mark; states that are not named are settled.
MARKS: dict[str, str] = {
    RequestState.DRAFT: "wait",
    RequestState.SUBMITTED: "us",
    RequestState.IN_REVIEW: "us",
    RequestState.NEEDS_INFORMATION: "wait",
    RequestState.ACCEPTED: "good",
    RequestState.FULFILLED: "good",
    RequestState.DENIED: "bad",
}


@dataclass(frozen=True)
class Standing:
    """A request with what its row shows. `releases`: the frozen ones that hold a part of it and have not
    failed, oldest first."""

    request: RemovalRequest
    releases: list[Release]

    @property
    def mark(self) -> str:
        """The class of its state mark."""
        return MARKS.get(self.request.state, "settled")

    @property
    def waiting_on(self) -> str:
        """`Us`, `You`, or nothing when it is decided."""
        if self.request.state in WAITING_ON_US:
            return "Us"
        return "You" if self.request.state == RequestState.NEEDS_INFORMATION else ""

    @property
    def is_to_come(self) -> bool:
        """True when it is accepted and no frozen list has it yet."""
        return self.request.state == RequestState.ACCEPTED and not self.releases

    @property
    def is_accepted_in_part(self) -> bool:
        """True when a part of it is accepted while another one still waits."""
        states = {item.state for item in self.request.items.all()}
        return bool(self.waiting_on) and ScopeItem.ItemState.ACCEPTED in states

    @property
    def scope(self) -> str:
        """What was asked for, in a few words."""
        return scope_words(list(self.request.items.all()))


def scope_words(items: Sequence[ScopeItem]) -> str:
    """`Everything under quillon-marsh`, `quillon-marsh/lull`, `Everything under a and 3 repositories of b`."""
    owners = [item.name for item in items if item.kind == ScopeItem.Kind.OWNER]
    repositories = [item.name for item in items if item.kind == ScopeItem.Kind.REPOSITORY]
    parts = []
    if owners:
        parts.append(f"everything under {' and '.join(owners)}")
    if len(repositories) == 1:
        parts.append(repositories[0])
    elif repositories:
        # Spellings of one login differ between the rows of a dataset.
        names = {fold(name.partition("/")[0]): name.partition("/")[0] for name in repositories}
        of_whom = f" of {next(iter(names.values()))}" if len(names) == 1 else ""
        parts.append(f"{len(repositories):,} repositories{of_whom}")
    words = " and ".join(parts)
    return f"E{words[1:]}" if owners else words


def standings(requests: Sequence[RemovalRequest]) -> list[Standing]:
    """Each request with the frozen releases that hold it."""
    return [
        Standing(request, counting(releases_with(request)) if _is_on_a_list(request) else [])
        for request in requests
    ]


def _is_on_a_list(request: RemovalRequest) -> bool:
    """Without a query of its own: the items were read along."""
    return any(item.frozen_at for item in request.items.all())

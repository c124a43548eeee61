"""What a person has ticked on the page "What should be left out?": from a form, from the draft, and back."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.http import QueryDict

from bigcode_optout.claims.models import Claim, ClaimKind
from bigcode_optout.names import fold
from bigcode_optout.removals.models import RemovalRequest, ScopeItem

EVERYTHING = "everything"
SOME = "some"
REPOSITORY = "repository"
KINDS = ("files", "commits", "issues")
_MODES = {
    ClaimKind.ACCOUNT: (EVERYTHING, SOME),
    ClaimKind.ORGANISATION: (EVERYTHING, SOME),
    ClaimKind.FORMER_LOGIN: (EVERYTHING,),
    ClaimKind.REPOSITORY: (REPOSITORY,),
    # Asked for on a form of its own.
    ClaimKind.STATED: (),
}
_FILTER_LENGTH = 100


@dataclass
class Selection:
    """Everything by the claim's number. `ticks`: folded full names, as typed into the form's boxes; `opened`: the
    organisations whose repositories are listed."""

    modes: dict[int, str] = field(default_factory=dict)
    ticks: dict[int, dict[str, str]] = field(default_factory=dict)
    filters: dict[int, str] = field(default_factory=dict)
    opened: set[int] = field(default_factory=set)
    kinds: set[str] = field(default_factory=lambda: set(KINDS))

    def mode(self, claim: Claim) -> str:
        """`everything`, `some`, `repository`, or nothing. Ticks without a mode are a choice of some."""
        mode = self.modes.get(claim.pk, "")
        return SOME if not mode and self.ticks.get(claim.pk) else mode

    def open(self, claim_id: int) -> None:
        """List the repositories of this organisation."""
        self.opened.add(claim_id)
        if not self.modes.get(claim_id):
            self.modes[claim_id] = SOME

    def tick(self, claim_id: int, names: Iterable[str]) -> None:
        """Tick these full names, beside what is ticked."""
        self.modes[claim_id] = SOME
        self.ticks.setdefault(claim_id, {}).update((fold(name), name) for name in names)

    def untick(self, claim_id: int, names: Collection[str]) -> None:
        """Take the ticks from these full names."""
        for name in names:
            self.ticks.get(claim_id, {}).pop(fold(name), None)


def from_form(data: QueryDict, claims: Iterable[Claim]) -> Selection:
    """What the form says; what it says about anything but `claims` is not read."""
    selection = Selection(kinds=set(data.getlist("kind")) & set(KINDS))
    for claim in claims:
        mode = data.get(f"scope-{claim.pk}", "")
        if mode in _MODES[ClaimKind(claim.kind)]:
            selection.modes[claim.pk] = mode
        names = data.getlist(f"repository-{claim.pk}")
        selection.ticks[claim.pk] = {fold(name): name for name in names}
        selection.filters[claim.pk] = data.get(f"filter-{claim.pk}", "").strip()[:_FILTER_LENGTH]
        if f"open-{claim.pk}" in data:
            selection.opened.add(claim.pk)
    return selection


def from_draft(draft: RemovalRequest) -> Selection:
    """What was ticked when the draft was last kept."""
    selection = Selection(kinds=set())
    for item in draft.items.select_related("claim"):
        selection.kinds.update(item.kinds)
        if item.claim.kind == ClaimKind.REPOSITORY:
            selection.modes[item.claim_id] = REPOSITORY
        elif item.kind == ScopeItem.Kind.OWNER:
            selection.modes[item.claim_id] = EVERYTHING
        else:
            selection.tick(item.claim_id, [item.name])
            selection.opened.add(item.claim_id)
    if not selection.modes:
        selection.kinds = set(KINDS)
    return selection

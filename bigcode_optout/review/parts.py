"""A request's items as a reviewer decides them: each for itself or, where there are many, what is alike together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bigcode_optout.claims.authority import GUARD_SENTENCES, Guard
from bigcode_optout.claims.models import Claim, ClaimKind
from bigcode_optout.removals.models import ScopeItem
from bigcode_optout.review.words import CLAIMS, GUARDS

# More repositories than this are put together by claim, evidence and state.
SINGLE_LIMIT = 20


@dataclass(frozen=True)
class GuardLine:
    """A guard that fired, in words, and in which versions (none: not tied to a version)."""

    title: str
    sentence: str
    versions: list[str]
    code: str = ""


@dataclass(frozen=True)
class Part:
    """Items that stand on one claim, have the same evidence and the same state. `key` names it in a form."""

    key: str
    items: Sequence[ScopeItem]

    @property
    def first(self) -> ScopeItem:
        """The item that speaks for all in what they have in common."""
        return self.items[0]

    @property
    def claim(self) -> Claim:
        """What they stand on."""
        return self.first.claim

    @property
    def title(self) -> str:
        """What is asked for."""
        if len(self.items) > 1:
            return f"{len(self.items):,} repositories claimed with {self.claim.name}"
        if self.is_former_login:
            return f"Former login {self.first.name} of {self.claim.present}: what stands under it"
        if self.first.kind == ScopeItem.Kind.OWNER:
            return f"{CLAIMS[self.claim.kind].capitalize()} {self.first.name}: everything, now and later"
        return f"Repository {self.first.name}"

    @property
    def is_former_login(self) -> bool:
        """True for everything under a login that the account has left."""
        return self.first.kind == ScopeItem.Kind.OWNER and self.claim.kind == ClaimKind.FORMER_LOGIN

    @property
    def alone(self) -> list[str]:
        """The repositories of a former login that are proven one by one, though the whole login is not."""
        return [name for name, _ in self.first.assessment.get("alone", [])]

    @property
    def is_open(self) -> bool:
        """True when nothing was decided about it."""
        return self.first.state == ScopeItem.ItemState.OPEN

    @property
    def guards(self) -> list[GuardLine]:
        """The guards that fired, the ones of the assessment's order first."""
        assessment = self.first.assessment
        in_versions = assessment.get("versions", {})
        return [
            GuardLine(
                GUARDS.get(code, code),
                GUARD_SENTENCES[Guard(code)],
                [name for name, found in in_versions.items() if code in found["guards"]],
                code,
            )
            for code in assessment.get("guards", [])
        ]


def parts_of(items: Iterable[ScopeItem]) -> list[Part]:
    """The parts in the items' order. Owners stand for themselves; so do repositories, up to SINGLE_LIMIT of them."""
    listed = list(items)
    groups: dict[tuple[object, ...], list[ScopeItem]] = {}
    for item in listed:
        groups.setdefault(_likeness(item, len(listed)), []).append(item)
    return [Part(f"part{group[0].pk}", group) for group in groups.values()]


def _likeness(item: ScopeItem, item_count: int) -> tuple[object, ...]:
    if item.kind == ScopeItem.Kind.OWNER or item_count <= SINGLE_LIMIT:
        return (item.pk,)
    guards = tuple(item.assessment.get("guards", []))
    return (item.claim_id, item.proof_state, item.state, guards)

"""What the page "What should be left out?" shows of one claim: values for its template."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings

from bigcode_optout.catalog.queries import RepositoryRow
from bigcode_optout.claims import queries as claims
from bigcode_optout.claims.models import Claim, ClaimKind, Proof
from bigcode_optout.datasetindex import Totals
from bigcode_optout.pages.selection import EVERYTHING, REPOSITORY, SOME
from bigcode_optout.removals.drafting import ITEM_LIMIT
from bigcode_optout.removals.submission import ScopeChoice

# Other fields of the form that count towards what a server takes in one form.
_OTHER_FIELDS = 100


@dataclass(frozen=True)
class Pick:
    """A repository that can be ticked. `figures`: what each version holds of it, newest version first."""

    row: RepositoryRow
    number: int
    is_chosen: bool
    is_hidden: bool
    is_fork: bool
    is_former: bool
    figures: tuple[Totals, ...]
    places: tuple[tuple[str, bool], ...]

    @property
    def shown_name(self) -> str:
        """The part after the slash; all of it where it stands under another owner's name."""
        return self.row.full_name if self.is_former else self.row.short_name

    @property
    def data_figures(self) -> str:
        """Files and bytes of each version for the page's script: `12:3400 0:0`."""
        return data_figures(self.figures)

    @property
    def languages(self) -> str:
        """Its two largest languages."""
        return ", ".join(share.language for share in self.row.latest.languages[:2] if share.language)


@dataclass(frozen=True)
class PickList:
    """Picks under one heading."""

    title: str
    picks: Sequence[Pick]
    are_forks: bool

    @property
    def chosen_count(self) -> int:
        """How many are ticked."""
        return sum(pick.is_chosen for pick in self.picks)


@dataclass(frozen=True)
class Block:
    """A claim with what the dataset holds under it and what is ticked. `mode` as in `Selection.mode`; `owned_numbers`:
    repositories that GitHub last said are its owner's."""

    claim: Claim
    picks: Sequence[Pick]
    mode: str
    is_open: bool
    name_contains: str
    totals: tuple[Totals, ...]
    owned_numbers: Collection[int] = ()
    # An organisation that a person always looks at.
    is_large: bool = False

    @property
    def proof(self) -> Proof | None:
        """What was checked last, also when GitHub gave no answer."""
        return claims.shown_proof(self.claim)

    @property
    def is_proven(self) -> bool:
        """True when the machine could show the claim."""
        return claims.is_proven(self.claim)

    @property
    def data_figures(self) -> str:
        """Files and bytes of each version, all repositories together, for the page's script."""
        return data_figures(self.totals)

    @property
    def is_too_long(self) -> bool:
        """True when one form cannot carry a tick for each repository."""
        return len(self.picks) > pick_limit()

    @property
    def shows_picker(self) -> bool:
        """True when single repositories can be ticked here."""
        return self.is_open and bool(self.picks) and not self.is_too_long

    @cached_property
    def lists(self) -> list[PickList]:
        """The picks under their headings: own ones, then forks."""
        forks = [pick for pick in self.picks if pick.is_fork]
        others = [pick for pick in self.picks if not pick.is_fork]
        own = (
            "Repositories" if not forks else "Your own" if self.claim.kind == ClaimKind.ACCOUNT else "Its own"
        )
        found = [PickList(own, others, are_forks=False), PickList("Forks", forks, are_forks=True)]
        return [each for each in found if each.picks]

    @cached_property
    def chosen(self) -> list[Pick]:
        """The ticked ones; they count only when `mode` is `some`."""
        return [pick for pick in self.picks if pick.is_chosen]

    @property
    def left_in(self) -> list[Pick]:
        """The ones that are not ticked."""
        return [pick for pick in self.picks if not pick.is_chosen]

    @property
    def shown(self) -> list[Pick]:
        """The ones that the filter lets through."""
        return [pick for pick in self.picks if not pick.is_hidden]

    @property
    def counts(self) -> bool:
        """True when anything of it is chosen."""
        return self.mode in (EVERYTHING, REPOSITORY) or (self.mode == SOME and bool(self.chosen))

    @property
    def counted(self) -> list[Pick]:
        """The repositories in the dataset that the choice covers."""
        if self.mode in (EVERYTHING, REPOSITORY):
            return list(self.picks)
        return self.chosen if self.mode == SOME else []

    @property
    def choices(self) -> list[ScopeChoice]:
        """The choice in the words of a request."""
        if self.mode == EVERYTHING:
            return [ScopeChoice(self.claim.pk, "owner", self.claim.name)]
        if self.mode == REPOSITORY:
            return [ScopeChoice(self.claim.pk, "repository", self.claim.name)]
        if self.mode == SOME:
            return [ScopeChoice(self.claim.pk, "repository", pick.row.full_name) for pick in self.chosen]
        return []


def pick_limit() -> int:
    """How many repositories one form, and one request, can carry."""
    return min(ITEM_LIMIT, (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS or ITEM_LIMIT) - _OTHER_FIELDS)


def data_figures(figures: Iterable[Totals]) -> str:
    """Files and bytes of each version: `12:3400 0:0`."""
    return " ".join(f"{figure.files}:{figure.bytes}" for figure in figures)

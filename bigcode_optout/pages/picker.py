"""Gather the parts of the page "What should be left out?": one for each claim, with what the dataset holds of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bigcode_optout.catalog.models import Dataset, DatasetVersion
from bigcode_optout.catalog.queries import RepositoryRow, holdings, versions
from bigcode_optout.claims import queries as claims
from bigcode_optout.claims.member_counts import Members, members_of_each
from bigcode_optout.claims.models import Claim, ClaimKind
from bigcode_optout.datasetindex import Totals
from bigcode_optout.names import fold
from bigcode_optout.pages.blocks import Block, Pick
from bigcode_optout.pages.selection import Selection
from bigcode_optout.removals import automatic
from bigcode_optout.removals.automatic import Policy


def blocks_of(dataset: Dataset, found: Iterable[Claim], selection: Selection) -> list[Block]:
    """A block for each claim, in their order."""
    listed = list(found)
    shared = _Shared.of(dataset, listed)
    return [_block(dataset, shared, claim, selection) for claim in listed]


@dataclass(frozen=True)
class _Shared:
    """What is read once for all claims. By the owner's number: its repositories, and whether it has many members."""

    known: list[DatasetVersion]
    policy: Policy
    owned: dict[int, claims.OwnedFacts]
    members: dict[int, Members]

    @classmethod
    def of(cls, dataset: Dataset, listed: Sequence[Claim]) -> "_Shared":
        owners = {number for claim in listed if (number := _owner_number(claim)) is not None}
        policy = automatic.current()
        members = members_of_each(owners, large_from=policy.large_from_members)
        return cls(versions(dataset.slug), policy, claims.owned_facts(owners), members)

    def owned_by(self, claim: Claim) -> claims.OwnedFacts:
        return self.owned.get(_owner_number(claim) or 0, claims.OwnedFacts())

    def is_large(self, claim: Claim, repository_count: int) -> bool:
        """True for an organisation with many members, or with many repositories in one version."""
        has_many = self.members.get(_owner_number(claim) or 0) is Members.MANY
        is_wide = repository_count >= self.policy.large_from_repositories
        return claim.kind == ClaimKind.ORGANISATION and (has_many or is_wide)


def _owner_number(claim: Claim) -> int | None:
    """The number of the account or organisation; numbers of repositories are another space."""
    return None if claim.kind == ClaimKind.REPOSITORY else claim.subject_id


def _block(dataset: Dataset, shared: _Shared, claim: Claim, selection: Selection) -> Block:
    known, owned = shared.known, shared.owned_by(claim)
    if claim.kind == ClaimKind.REPOSITORY:
        own = {claim.subject_id} if claim.subject_id else set()
        rows = holdings(dataset.slug, repository=claim.name, repository_ids=own, known=known)
    else:
        # Under a former login only what stands under that very name is asked for.
        own = set() if claim.kind == ClaimKind.FORMER_LOGIN else owned.numbers
        rows = holdings(dataset.slug, owner=claim.name, repository_ids=own, known=known)
    picks = _picks(claim, rows, known, selection, owned)
    totals = sums(picks, len(known))
    largest = max((total.repositories for total in totals), default=0)
    return Block(
        owned_numbers=owned.numbers,
        is_large=shared.is_large(claim, largest),
        claim=claim,
        picks=picks,
        mode=selection.mode(claim),
        is_open=claim.kind == ClaimKind.ACCOUNT or claim.pk in selection.opened,
        name_contains=selection.filters.get(claim.pk, ""),
        totals=totals,
    )


def _picks(
    claim: Claim,
    rows: Sequence[RepositoryRow],
    known: Sequence[DatasetVersion],
    selection: Selection,
    owned: claims.OwnedFacts,
) -> list[Pick]:
    ticks, wanted = selection.ticks.get(claim.pk, {}), fold(selection.filters.get(claim.pk, ""))
    by_number, by_name = owned.forks_by_number, owned.forks_by_name
    picks = []
    for number, row in enumerate(rows):
        key = fold(row.full_name)
        said = [by_number[one] for one in row.repository_ids if one in by_number]
        picks.append(
            Pick(
                row=row,
                number=number,
                is_chosen=key in ticks,
                is_hidden=wanted not in fold(row.short_name),
                is_fork=any(said) if said else by_name.get(key, bool(row.latest.is_fork)),
                is_former=key.partition("/")[0] != claim.name_key.partition("/")[0],
                figures=tuple(row.totals.get(version.name, Totals()) for version in known),
                places=tuple(
                    (version.name, version.name in row.version_names) for version in reversed(known)
                ),
            )
        )
    return picks


def sums(picks: Iterable[Pick], version_count: int) -> tuple[Totals, ...]:
    """What each version holds of the picks together, newest version first."""
    added = [[0, 0, 0] for _ in range(version_count)]
    for pick in picks:
        for total, figure in zip(added, pick.figures, strict=True):
            total[0] += figure.repositories
            total[1] += figure.files
            total[2] += figure.bytes
    return tuple(Totals(*total) for total in added)

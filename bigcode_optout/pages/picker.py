"""Gather the parts of the page "What should be left out?": one for each claim, with what the dataset holds of it."""

from collections.abc import Iterable, Sequence

from bigcode_optout.catalog.models import Dataset, DatasetVersion
from bigcode_optout.catalog.queries import RepositoryRow, holdings, versions
from bigcode_optout.claims import queries as claims
from bigcode_optout.claims.models import Claim, ClaimKind
from bigcode_optout.datasetindex import Totals
from bigcode_optout.names import fold
from bigcode_optout.pages.blocks import Block, Pick
from bigcode_optout.pages.selection import Selection


def blocks_of(dataset: Dataset, found: Iterable[Claim], selection: Selection) -> list[Block]:
    """A block for each claim, in their order."""
    known = versions(dataset.slug)
    return [_block(dataset, known, claim, selection) for claim in found]


def _block(dataset: Dataset, known: list[DatasetVersion], claim: Claim, selection: Selection) -> Block:
    is_repository = claim.kind == ClaimKind.REPOSITORY
    if is_repository:
        numbers = {claim.subject_id} if claim.subject_id else set()
        rows = holdings(dataset.slug, repository=claim.name, repository_ids=numbers)
    else:
        # Under a former login only what stands under that very name is asked for.
        owner_id = None if claim.kind == ClaimKind.FORMER_LOGIN else claim.subject_id
        numbers = claims.repository_ids_of(owner_id) if owner_id else set()
        rows = holdings(dataset.slug, owner=claim.name, repository_ids=numbers)
    picks = _picks(claim, rows, known, selection)
    return Block(
        claim=claim,
        picks=picks,
        mode=selection.mode(claim),
        is_open=claim.kind == ClaimKind.ACCOUNT or claim.pk in selection.opened,
        name_contains=selection.filters.get(claim.pk, ""),
        totals=sums(picks, len(known)),
    )


def _picks(
    claim: Claim, rows: Sequence[RepositoryRow], known: Sequence[DatasetVersion], selection: Selection
) -> list[Pick]:
    ticks, wanted = selection.ticks.get(claim.pk, {}), fold(selection.filters.get(claim.pk, ""))
    by_number, by_name = claims.fork_facts(claim.subject_id) if claim.subject_id else ({}, {})
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

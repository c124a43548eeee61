"""From ticks to a draft: what is missing in a choice, and the choice in the words of a request."""

from collections.abc import Iterable, Sequence

from bigcode_optout.accounts.models import User
from bigcode_optout.catalog.models import Dataset
from bigcode_optout.claims import queries as claims
from bigcode_optout.names import fold
from bigcode_optout.names.refusals import quoted
from bigcode_optout.pages.blocks import Block
from bigcode_optout.pages.selection import SOME, Selection
from bigcode_optout.removals.drafting import choose_scope
from bigcode_optout.removals.submission import Submission

_NAMED = 3


def keep(user: User, dataset: Dataset, blocks: list[Block], selection: Selection) -> None:
    """Put the choice into the draft. Raises `Refused`."""
    choose_scope(
        by=user,
        dataset=dataset,
        submission=_submission(blocks, selection),
        known_ids=_known_ids(blocks),
    )


def errors_in(blocks: list[Block], selection: Selection) -> list[tuple[str, str]]:
    """What keeps the choice from going on: the id of a field and the sentence about it."""
    unlisted, errors = _unlisted(blocks, selection), []
    if unlisted:
        names = ", ".join(quoted(name) for name in unlisted[:_NAMED]) + (
            " and others" if unlisted[_NAMED:] else ""
        )
        errors.append(
            (first_field(blocks), f"Not in the dataset, so not in your choice: {names}. Check the rest.")
        )
    if not errors and not any(block.counts for block in blocks):
        empty = next((block for block in blocks if block.mode == SOME and block.shows_picker), None)
        errors.append(
            (
                f"r-{empty.claim.pk}-{empty.picks[0].number}",
                f"Tick the repositories of {empty.claim.name} that you mean.",
            )
            if empty
            else (first_field(blocks), "Choose what should be left out.")
        )
    if not selection.kinds:
        errors.append(("kind-files", "Choose files, commits, or issues and pull requests."))
    return errors


def first_field(blocks: Sequence[Block]) -> str:
    """The id of the first thing that can be chosen."""
    return f"scope-{blocks[0].claim.pk}" if blocks else "main"


def _submission(blocks: Iterable[Block], selection: Selection) -> Submission:
    """The choice as the verbs take it."""
    choices = tuple(choice for block in blocks for choice in block.choices)
    return Submission(choices, **{kind: kind in selection.kinds for kind in ("files", "commits", "issues")})


def _unlisted(blocks: Iterable[Block], selection: Selection) -> list[str]:
    """Names that were ticked and that the dataset does not hold (any more)."""
    names = []
    for block in blocks:
        if block.mode == SOME:
            listed = {fold(pick.row.full_name) for pick in block.picks}
            ticks = selection.ticks.get(block.claim.pk, {})
            names += [name for key, name in ticks.items() if key not in listed]
    return names


def _known_ids(blocks: Iterable[Block]) -> dict[str, int]:
    """Repository numbers by folded full name, where a name stands for one repository only or for one of the owner's."""
    numbers = {}
    for block in blocks:
        owned = claims.repository_ids_of(block.claim.subject_id) if block.claim.subject_id else set()
        for pick in block.chosen:
            found = pick.row.repository_ids
            certain = found if len(found) == 1 else found & owned
            if len(certain) == 1:
                numbers[fold(pick.row.full_name)] = next(iter(certain))
    return numbers

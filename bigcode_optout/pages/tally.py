"""The choice so far: how much of each version it covers, and which scope kinds the next version can honour."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bigcode_optout.catalog.models import Dataset, DatasetVersion
from bigcode_optout.catalog.queries import versions
from bigcode_optout.datasetindex import Totals
from bigcode_optout.names import fold
from bigcode_optout.pages.blocks import Block, Pick
from bigcode_optout.pages.picker import sums
from bigcode_optout.pages.selection import KINDS
from bigcode_optout.releases.queries import next_release


@dataclass(frozen=True)
class VersionTally:
    """What the choice covers of one version."""

    version: DatasetVersion
    totals: Totals

    @property
    def files(self) -> int | None:
        """Files, or None where the version does not name them."""
        return self.totals.files if self.version.has_file_counts else None

    @property
    def bytes(self) -> int | None:
        """Their size, or None where the version does not say it."""
        return self.totals.bytes if self.version.has_sizes else None


def tally(dataset: Dataset, blocks: Iterable[Block]) -> list[VersionTally]:
    """Per version, newest first. A repository that two choices cover is counted once."""
    known = versions(dataset.slug)
    picks: dict[str, Pick] = {fold(pick.row.full_name): pick for block in blocks for pick in block.counted}
    totals = sums(picks.values(), len(known))
    return [VersionTally(version, total) for version, total in zip(known, totals, strict=True)]


@dataclass(frozen=True)
class KindChoice:
    """A scope kind with what the next version can do about it."""

    code: str
    title: str
    hint: str
    is_chosen: bool
    is_honoured: bool


_TITLES = {"files": "Files", "commits": "Commits", "issues": "Issues and pull requests"}
_WHAT = {
    "files": "The source code itself.",
    "commits": "Messages and changes.",
    "issues": "What stands in them.",
}


def kind_choices(dataset: Dataset, chosen: Iterable[str]) -> list[KindChoice]:
    """The three scope kinds in their fixed order."""
    ticked = set(chosen)
    return [_kind_choice(dataset, kind, kind in ticked) for kind in KINDS]


def next_version(dataset: Dataset) -> str:
    """The version that a request made now holds from, as words."""
    release = next_release(dataset.slug)
    return release.name if release else "the next version"


def kind_words(kinds: Iterable[str]) -> str:
    """`Files, commits, issues and pull requests`."""
    wanted = set(kinds)
    words = ", ".join(_TITLES[kind].lower() for kind in KINDS if kind in wanted)
    return words[:1].upper() + words[1:]


def noted_kinds(dataset: Dataset, kinds: Sequence[str]) -> list[str]:
    """The ones of `kinds` that the next version has nothing of."""
    return [kind for kind in KINDS if kind in kinds and kind not in dataset.honoured_kinds]


def _kind_choice(dataset: Dataset, kind: str, is_chosen: bool) -> KindChoice:
    release, honoured = next_release(dataset.slug), kind in dataset.honoured_kinds
    if honoured:
        subject = release.name if release else "The next version"
        what = f"{_WHAT[kind]} {subject} can leave {'it' if kind == 'files' else 'them'} out."
    else:
        name = release.name if release else "the next version"
        what = f"Noted only: {name} has none. It counts if a later version brings them back."
    return KindChoice(kind, _TITLES[kind], what, is_chosen, honoured)

"""What the newest frozen list holds for a person, as lines to read."""

from collections.abc import Sequence
from dataclasses import dataclass

from bigcode_optout.releases.models import Exclusion

KIND_WORDS = {"files": "files", "commits": "commits", "issues": "issues and pull requests"}


@dataclass(frozen=True)
class LeftOut:
    """One rule of the list."""

    name: str
    is_everything: bool
    kinds: str
    since_release: str


def left_out_lines(exclusions: Sequence[Exclusion]) -> list[LeftOut]:
    """Owners first, then the repositories that no owner's rule covers.

    The list names an owner's known repositories by number beside the owner; those say nothing new to a reader.
    """
    owners = {one.owner_id for one in exclusions if one.kind == "owner"}
    shown = [one for one in exclusions if one.kind == "owner" or one.owner_id not in owners]
    return [
        LeftOut(
            name=one.name,
            is_everything=one.kind == "owner",
            kinds=", ".join(words for kind, words in KIND_WORDS.items() if getattr(one, kind)).capitalize(),
            since_release=one.since_release,
        )
        for one in shown
    ]

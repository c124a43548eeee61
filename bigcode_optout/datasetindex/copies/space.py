"""How much disk a pass over copies takes, said before it starts."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from ..errors import IndexBuildError
from .contents import Contents

BYTES_PER_ROW = 64
"""Of disk, for each file of a repository: its content, owner and repository (at most 32), the other owners of
what it shares (24 for each) and the result, at their fullest. 10 million rows with a licence text in a
twentieth of 500,000 repositories took 36, and 3 million rows of 50 copies of each of 300 projects 21."""

_AT_LEAST = 1 << 20


def disk_needed(inputs: Sequence[Path], *, schema: str) -> int:
    """Return the bytes of free disk that `build_copies` wants for these inputs, from their footers alone.

    An estimate: where nearly every content has dozens of owners the pairs of owners can take more. The pass
    then stops with a sentence and can be continued. Raises IndexBuildError for unusable inputs.
    """
    contents = Contents(schema)
    return needed_for(sum(map(contents.count, contents.find(inputs))))


def needed_for(rows: int) -> int:
    """Return the bytes of free disk for this many rows."""
    return _AT_LEAST + rows * BYTES_PER_ROW


def check_space(folder: Path, needed: int, *, scratch: Path) -> None:
    """Raise IndexBuildError unless the disk of `folder` has `needed` bytes; what `scratch` holds counts."""
    held = (
        sum(path.stat().st_size for path in scratch.rglob("*") if path.is_file()) if scratch.exists() else 0
    )
    free = shutil.disk_usage(folder).free
    if needed > free + held:
        raise IndexBuildError(
            f"Counting copies needs about {_in_words(needed - held)} of free disk at {folder}, "
            f"but there are {_in_words(free)}."
        )


def _in_words(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB"

"""How much free space a build needs, said before it begins."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from .errors import IndexBuildError
from .inputs import InputFile

BYTES_A_ROW = 256
"""Of disk, for each row of the input: parts, sorting, the published form and the look-up store at their fullest.

With one row a repository and every column filled, 100 million rows took 74 at their fullest (2026-11-22). Columns that
v3 has and names of the longest kind take more.
"""

TIMES_THE_INPUT = 4
"""Rows of which many belong to one repository take far less than BYTES_A_ROW, and never more than so many times the
Parquet files: their columns are ours and more. One row a repository took 1.8 times."""

FIXED_BYTES = 8 << 20


def disk_needed(files: Sequence[InputFile]) -> int:
    """Return how many bytes of free space a build over `files` may need at its fullest."""
    return FIXED_BYTES + sum(_needed_for(file) for file in files)


def _needed_for(file: InputFile) -> int:
    by_rows = BYTES_A_ROW * file.rows
    # A list of names in gzip JSON holds no column that could be left out.
    return by_rows if file.is_json else min(by_rows, TIMES_THE_INPUT * file.bytes)


def free_bytes(folder: Path) -> int:
    """Return the free space on the disk of a folder."""
    return shutil.disk_usage(folder).free


def say_disk(files: Sequence[InputFile], folder: Path) -> str:
    """Return in words what a build may need and what there is."""
    return f"up to {disk_needed(files) / 1e9:,.1f} GB of disk, {free_bytes(folder) / 1e9:,.1f} GB are free"


def refuse_full_disk(files: Sequence[InputFile], folder: Path) -> None:
    """Raise IndexBuildError unless the disk of `folder` has what the build may need."""
    needed, free = disk_needed(files), free_bytes(folder)
    if free < needed:
        raise IndexBuildError(
            f"The build may need {needed / 1e9:,.1f} GB of free space, but {folder.parent} has {free / 1e9:,.1f} GB."
        )

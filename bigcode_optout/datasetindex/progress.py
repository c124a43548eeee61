"""How far a build is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Unit = Literal["bytes", "buckets", "partitions"]


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """The step in words, and how much of it is done: bytes of input, owner buckets, or
    partitions of contents (0 of 0: not known).
    """

    step: str
    done: int
    total: int
    unit: Unit = "bytes"


OnProgress = Callable[[BuildProgress], None]


def silent(progress: BuildProgress) -> None:
    """Say nothing."""

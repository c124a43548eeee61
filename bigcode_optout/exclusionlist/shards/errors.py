# ruff: noqa: N818 - the names say what happened to the shard
"""What stops a run over shards; every message is a sentence for the dataset builder."""

from ..errors import ExclusionListError
from ..errors import WriteFailed as WriteFailed


class InputRefused(ExclusionListError, ValueError):
    """Inputs or options under which a run makes no sense."""


class ShardRefused(ExclusionListError):
    """A shard that is whole but not of the schema that was named."""


class ShardBroken(ExclusionListError):
    """A shard that cannot be read to its end."""


def reason(error: Exception) -> str:
    """Return the first line of an engine's message, without its last full stop."""
    lines = (getattr(error, "strerror", None) or str(error)).strip().splitlines()
    return lines[0].rstrip(". ") if lines else type(error).__name__

"""What can go wrong with an index, each with one sentence for the person at the keyboard."""

from pathlib import Path


class IndexBuildError(Exception):
    """An index could not be built. The text is a sentence that names the file and the column where there is
    one.
    """


class IndexBroken(Exception):  # noqa: N818 - the index is broken, not the caller
    """An index cannot be used: a part is missing, cut short or changed. The text is a sentence."""


def unreadable(folder: Path, error: Exception) -> IndexBroken:
    """Return what to raise where a file of an index, in `folder`, turns out to be damaged while it is read.

    The reader's own words can quote rows, and names belong into no log.
    """
    kind = type(error).__name__.removesuffix("Exception").removesuffix("Error") + " error"
    if isinstance(error, OSError) and error.strerror:
        kind = error.strerror
    return IndexBroken(f"{folder} cannot be read ({kind}). Compare its files with `check`.")

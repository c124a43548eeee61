"""What can go wrong with an index, each with one sentence for the person at the keyboard."""


class IndexBuildError(Exception):
    """An index could not be built. The text is a sentence that names the file and the column where there is
    one.
    """


class IndexBroken(Exception):  # noqa: N818 - the index is broken, not the caller
    """An index cannot be used: a part is missing, cut short or changed. The text is a sentence."""

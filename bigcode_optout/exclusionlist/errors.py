# ruff: noqa: N818 - the names say what happened to the rule or the list
"""What this room refuses; every message is a sentence for who runs the export or reads the list."""


class ExclusionListError(Exception):
    """The base of the errors below; `str(error)` is a sentence."""


class RuleRefused(ExclusionListError, ValueError):
    """A rule that nobody could apply, or that would say something else than it seems to say."""


class FactsRefused(ExclusionListError, ValueError):
    """Release facts or spellings that contradict themselves."""


class KeyRefused(ExclusionListError, ValueError):
    """A key, a set of keys or a token that cannot be used; the sentence never shows a secret."""


class OutputRefused(ExclusionListError):
    """The place to write to is taken: exports are written once and kept."""


class WriteFailed(ExclusionListError):
    """The machine could not write: the disk is full, or writing is not allowed."""


class ListBroken(ExclusionListError):
    """A folder that is not the list its manifest describes; nothing of it may be applied."""


class SignatureRefused(ListBroken):
    """A signature that is missing, wrong, or of a key that does not count."""


class RolledBack(ExclusionListError):
    """A list that is older than the one last used: whole, perhaps, but not to be taken again."""


class DeltaRefused(ExclusionListError):
    """A delta that does not lead from the list at hand to the one it names."""


class FetchFailed(ExclusionListError):
    """A list that could not be fetched; nothing was written."""

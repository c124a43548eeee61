# ruff: noqa: N818 - the names say what happened to the rule or the list
"""What this room refuses; every message is a sentence for who runs the export or reads the list."""


class ExclusionListError(Exception):
    """The base of the errors below; `str(error)` is a sentence."""


class RuleRefused(ExclusionListError, ValueError):
    """A rule that nobody could apply, or that would say something else than it seems to say."""


class FactsRefused(ExclusionListError, ValueError):
    """Release facts or spellings that contradict themselves."""


class OutputRefused(ExclusionListError):
    """The place to write to is taken: exports are written once and kept."""


class ListBroken(ExclusionListError):
    """A folder that is not the list its manifest describes; nothing of it may be applied."""

"""The exclusion list: its rules, its files, and reading them back only if they are whole."""

from .errors import ExclusionListError, FactsRefused, ListBroken, OutputRefused, RuleRefused
from .facts import ReleaseFacts, Spellings
from .format_jsonl import canonical_jsonl
from .formats import FORMATS, Format
from .legacy import LegacyList, legacy_columns
from .manifest import FileEntry, Manifest
from .reader import ExclusionList, check, read
from .rules import Rule, sorted_rules
from .writer import write

__all__ = [
    "FORMATS",
    "ExclusionList",
    "ExclusionListError",
    "FactsRefused",
    "FileEntry",
    "Format",
    "LegacyList",
    "ListBroken",
    "Manifest",
    "OutputRefused",
    "ReleaseFacts",
    "Rule",
    "RuleRefused",
    "Spellings",
    "canonical_jsonl",
    "check",
    "legacy_columns",
    "read",
    "sorted_rules",
    "write",
]

"""The exclusion list: its rules, its files, and reading them back only if they are whole."""

from . import allocator  # noqa: F401 - before anything that imports pyarrow
from .delta import Delta, apply_delta, delta_between
from .delta_folder import follow_delta, read_delta, write_delta
from .errors import (
    DeltaRefused,
    ExclusionListError,
    FactsRefused,
    FetchFailed,
    KeyRefused,
    ListBroken,
    OutputRefused,
    RolledBack,
    RuleRefused,
    SignatureRefused,
    WriteFailed,
)
from .facts import ReleaseFacts, Spellings
from .format_jsonl import canonical_jsonl
from .formats import FORMATS, KEYED_FORMATS, Format, KeyedFormat
from .key_set import KeySet, PublicKey
from .keyed import ListKey
from .keyed_list import KeyedList, read_keyed
from .legacy import LegacyList, legacy_columns
from .manifest import FileEntry, Manifest
from .reader import ExclusionList, check, read
from .rules import Rule, sorted_rules
from .signed_copy import signed_copy
from .signing import SIGNATURE_NAME, SigningKey
from .writer import write

__all__ = [
    "FORMATS",
    "KEYED_FORMATS",
    "SIGNATURE_NAME",
    "Delta",
    "DeltaRefused",
    "ExclusionList",
    "ExclusionListError",
    "FactsRefused",
    "FetchFailed",
    "FileEntry",
    "Format",
    "KeyRefused",
    "KeySet",
    "KeyedFormat",
    "KeyedList",
    "LegacyList",
    "ListBroken",
    "ListKey",
    "Manifest",
    "OutputRefused",
    "PublicKey",
    "ReleaseFacts",
    "RolledBack",
    "Rule",
    "RuleRefused",
    "SignatureRefused",
    "SigningKey",
    "Spellings",
    "WriteFailed",
    "apply_delta",
    "canonical_jsonl",
    "check",
    "delta_between",
    "follow_delta",
    "legacy_columns",
    "read",
    "read_delta",
    "read_keyed",
    "signed_copy",
    "sorted_rules",
    "write",
    "write_delta",
]

"""What stands beside the data: whose list it is, what is in it, and the hashes to check it by."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from operator import attrgetter
from typing import Any, get_args

from .errors import ListBroken
from .facts import SharedContent
from .rules import KINDS, SCOPE_KINDS, Rule

MANIFEST_NAME = "manifest.json"
FORMAT_VERSION = 1
WRITER_VERSION = "2"
"""Raised whenever the same rules would give other bytes or mean something else."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of the folder: path with forward slashes, size in bytes, SHA-256 in hexadecimal."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of manifest.json; dates are text (`YYYY-MM-DD`), since it is written and shown as it
    stands.

    `canonical_sha256` is the hash of `canonical_jsonl(rules)`: equal for every format and writer of one
    release. `key_id` names the key of `manifest.json.sig`, None for a list that is not signed.
    `list_key_check` is `ListKey.check` of a keyed list, else None.
    """

    format_version: int
    release: str
    dataset: str
    previous_release: str | None
    frozen_on: str
    format: str
    counts: dict[str, Any]
    schema: list[dict[str, Any]]
    choices: dict[str, str]
    lossy_rules: int
    writer: dict[str, str]
    files: list[FileEntry]
    canonical_sha256: str
    key_id: str | None = None
    list_key_check: str | None = None

    def to_json(self) -> bytes:
        """Return the file: UTF-8, two blanks of indent, keys in the order above, one line feed at the end."""
        return (json.dumps(asdict(self), indent=2) + "\n").encode("ascii")


def counts_of(rules: Sequence[Rule]) -> dict[str, Any]:
    """Return how many rules there are: all, by kind, and by scope kind (a rule counts in each of its own)."""
    return {
        "rules": len(rules),
        "by_kind": {kind: sum(rule.kind == kind for rule in rules) for kind in KINDS},
        "by_scope_kind": {scope: sum(map(attrgetter(scope), rules)) for scope in SCOPE_KINDS},
    }


_TYPES: dict[str, tuple[type, ...]] = {
    "format_version": (int,),
    "release": (str,),
    "dataset": (str,),
    "previous_release": (str, type(None)),
    "frozen_on": (str,),
    "format": (str,),
    "counts": (dict,),
    "schema": (list,),
    "choices": (dict,),
    "lossy_rules": (int,),
    "writer": (dict,),
    "files": (list,),
    "canonical_sha256": (str,),
    "key_id": (str, type(None)),
    "list_key_check": (str, type(None)),
}
_NEW_KEYS = ("key_id", "list_key_check")
"""Lists of writer version 1 do not have them."""
_FILE_TYPES = {"path": str, "bytes": int, "sha256": str}


def manifest_from_json(content: bytes) -> Manifest:
    """Return the manifest. Raises ListBroken if it is not one, or is of a version that this tool does not
    know.

    Keys that are not known are passed over: a later writer may add some without changing what the others
    mean.
    """
    try:
        stored: Any = json.loads(content)
    except (ValueError, RecursionError) as wrong:
        raise ListBroken(f"{MANIFEST_NAME} is not JSON.") from wrong
    if not isinstance(stored, dict):
        raise ListBroken(f"{MANIFEST_NAME} is not a JSON object.")
    if stored.get("format_version") != FORMAT_VERSION:
        raise ListBroken(
            f"{MANIFEST_NAME} has the format version {stored.get('format_version')!r}; "
            f"this tool reads version {FORMAT_VERSION}."
        )
    for key, types in _TYPES.items():
        # Absent is not null: a key that was renamed must not pass for one without a value.
        if (key not in stored and key not in _NEW_KEYS) or type(stored.get(key)) not in types:
            raise ListBroken(f"{MANIFEST_NAME} has no proper {key!r}.")
    _check_counts(stored["counts"])
    _check_date(stored["frozen_on"])
    if stored["choices"].get("shared_content") not in get_args(SharedContent):
        raise ListBroken(f"{MANIFEST_NAME} does not say whether shared content is dropped or kept.")
    values: dict[str, Any] = {key: stored.get(key) for key in _TYPES}
    return Manifest(**values | {"files": [file_entry_from(item) for item in stored["files"]]})


def _check_counts(counts: dict[str, Any]) -> None:
    # The shape alone; whether the numbers are right is checked against the rules.
    for key, expected in counts_of([]).items():
        if _shape(counts.get(key)) != _shape(expected):
            raise ListBroken(f"{MANIFEST_NAME} has no proper counts.")


def _check_date(text: str) -> None:
    try:
        day = date.fromisoformat(text)
    except ValueError as wrong:
        raise ListBroken(f"{MANIFEST_NAME} does not say on which day the list was frozen.") from wrong
    if day.isoformat() != text:
        raise ListBroken(f"{MANIFEST_NAME} does not say on which day the list was frozen.")


def _shape(value: Any) -> Any:
    return {key: type(part) for key, part in value.items()} if isinstance(value, dict) else type(value)


def file_entry_from(item: Any) -> FileEntry:
    """Return the entry of a manifest's `files`. Raises ListBroken."""
    if not isinstance(item, dict) or any(
        type(item.get(key)) is not kind for key, kind in _FILE_TYPES.items()
    ):
        raise ListBroken(f"{MANIFEST_NAME} describes a file in words that are not understood.")
    return FileEntry(**{key: item[key] for key in _FILE_TYPES})

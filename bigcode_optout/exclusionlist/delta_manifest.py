"""The manifest of a delta: from which list to which, and the hash of what stands between."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, get_args

from .errors import ListBroken
from .facts import ReleaseFacts, SharedContent
from .manifest import MANIFEST_NAME, FileEntry, Manifest, file_entry_from

DOCUMENT = "exclusion-delta"
FORMAT_VERSION = 1
DELTA_PATH = "data/delta.jsonl"


@dataclass(frozen=True, slots=True)
class ListFacts:
    """What a delta says about the list at either end; enough to write it again."""

    release: str
    previous_release: str | None
    frozen_on: str
    shared_content: SharedContent
    canonical_sha256: str

    @classmethod
    def of(cls, manifest: Manifest) -> "ListFacts":
        """Return the facts of a list's manifest."""
        shared_content: Any = manifest.choices["shared_content"]
        return cls(
            manifest.release,
            manifest.previous_release,
            manifest.frozen_on,
            shared_content,
            manifest.canonical_sha256,
        )

    def for_release(self, dataset: str) -> ReleaseFacts:
        """Return what a writer needs."""
        frozen_on = date.fromisoformat(self.frozen_on)
        return ReleaseFacts(self.release, dataset, self.previous_release, frozen_on, self.shared_content)


@dataclass(frozen=True, slots=True)
class DeltaManifest:
    """The content of a delta's manifest.json; `counts` has `added`, `removed` and `changed`."""

    dataset: str
    before: ListFacts
    after: ListFacts
    counts: dict[str, int]
    writer: dict[str, str]
    files: list[FileEntry]
    key_id: str | None

    def to_json(self) -> bytes:
        """Return the file, written as a list's manifest is."""
        document = {
            "document": DOCUMENT,
            "format_version": FORMAT_VERSION,
            "dataset": self.dataset,
            "from": asdict(self.before),
            "to": asdict(self.after),
            "counts": self.counts,
            "writer": self.writer,
            "files": [asdict(entry) for entry in self.files],
            "key_id": self.key_id,
        }
        return (json.dumps(document, indent=2) + "\n").encode("ascii")


_TYPES: dict[str, tuple[type, ...]] = {
    "dataset": (str,),
    "from": (dict,),
    "to": (dict,),
    "counts": (dict,),
    "writer": (dict,),
    "files": (list,),
    "key_id": (str, type(None)),
}
_LIST_TYPES: dict[str, tuple[type, ...]] = {
    "release": (str,),
    "previous_release": (str, type(None)),
    "frozen_on": (str,),
    "shared_content": (str,),
    "canonical_sha256": (str,),
}


def delta_manifest_from_json(content: bytes) -> DeltaManifest:
    """Return the manifest. Raises ListBroken if it is not that of a delta, or of an unknown version."""
    try:
        stored: Any = json.loads(content)
    except (ValueError, RecursionError) as wrong:
        raise ListBroken(f"{MANIFEST_NAME} is not JSON.") from wrong
    if not isinstance(stored, dict) or stored.get("document") != DOCUMENT:
        raise ListBroken(f"{MANIFEST_NAME} is not that of a delta.")
    if stored.get("format_version") != FORMAT_VERSION:
        raise ListBroken(
            f"The delta has the format version {stored.get('format_version')!r}; "
            f"this tool reads version {FORMAT_VERSION}."
        )
    _check(stored, _TYPES)
    return DeltaManifest(
        stored["dataset"],
        _list_facts(stored["from"]),
        _list_facts(stored["to"]),
        stored["counts"],
        stored["writer"],
        [file_entry_from(item) for item in stored["files"]],
        stored["key_id"],
    )


def _list_facts(stored: dict[str, Any]) -> ListFacts:
    _check(stored, _LIST_TYPES)
    try:
        date.fromisoformat(stored["frozen_on"])
    except ValueError as wrong:
        raise ListBroken(f"{MANIFEST_NAME} does not say on which day a list was frozen.") from wrong
    if stored["shared_content"] not in get_args(SharedContent):
        raise ListBroken(f"{MANIFEST_NAME} does not say whether shared content is dropped or kept.")
    return ListFacts(**{key: stored[key] for key in _LIST_TYPES})


def _check(stored: dict[str, Any], types: dict[str, tuple[type, ...]]) -> None:
    for key, allowed in types.items():
        # Absent is not null: a key that was renamed must not pass for one without a value.
        if key not in stored or type(stored[key]) not in allowed:
            raise ListBroken(f"{MANIFEST_NAME} has no proper {key!r}.")

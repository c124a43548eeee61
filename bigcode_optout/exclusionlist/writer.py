"""Write a list into a folder of its own: all of it, or nothing."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from . import format_parquet
from .card import CARD_NAME, dataset_card
from .facts import ReleaseFacts, Spellings
from .format_jsonl import canonical_sha256
from .formats import SPECS, Aids, Format, KeyedFormat
from .keyed import ListKey
from .manifest import FORMAT_VERSION, MANIFEST_NAME, WRITER_VERSION, FileEntry, Manifest, counts_of
from .placing import new_folder
from .rules import Rule, sorted_rules
from .signing import SIGNATURE_NAME, SigningKey


def write(
    rules: Iterable[Rule],
    *,
    output: Path,
    format: Format | KeyedFormat,
    facts: ReleaseFacts,
    spellings: Spellings | None = None,
    list_key: ListKey | None = None,
    signing_key: SigningKey | None = None,
) -> Manifest:
    """Write the list into the folder `output` and return its manifest.

    The folder gets `README.md` (dataset card), `manifest.json`, one file under `data/`, so that
    `datasets.load_dataset(output)` reads it as it stands, and with a `signing_key` `manifest.json.sig`.
    Order and duplicates of `rules` do not matter: the same rules, facts and keys give the same bytes under
    the same pyarrow and writer version. `spellings` serve `legacy-json` alone, `list_key` the keyed formats
    alone. Raises OutputRefused if something stands at `output` already, FactsRefused without the key that
    the format needs; then, and after any other error, nothing is changed.
    """
    ordered = sorted_rules(rules)
    spec = SPECS[format]
    with new_folder(output) as folder:
        (folder / CARD_NAME).write_bytes(dataset_card(spec, facts))
        data = folder / spec.path
        data.parent.mkdir()
        with data.open("wb") as file:
            lossy_rules = spec.encode(ordered, Aids(spellings or Spellings(), list_key), file)
        manifest = Manifest(
            format_version=FORMAT_VERSION,
            release=facts.release,
            dataset=facts.dataset,
            previous_release=facts.previous_release,
            frozen_on=facts.frozen_on.isoformat(),
            format=format,
            counts=counts_of(ordered),
            schema=list(spec.schema),
            choices={"shared_content": facts.shared_content},
            lossy_rules=lossy_rules,
            writer=writer_versions(),
            files=[file_entry(folder, path) for path in sorted((CARD_NAME, spec.path))],
            canonical_sha256=canonical_sha256(ordered),
            key_id=signing_key.key_id if signing_key else None,
            list_key_check=list_key.check if list_key else None,
        )
        place_manifest(folder, manifest.to_json(), signing_key)
    return manifest


def writer_versions() -> dict[str, str]:
    """Return the versions that decide about bytes."""
    return {"exclusionlist": WRITER_VERSION, "pyarrow": format_parquet.WRITER_VERSION}


def file_entry(folder: Path, path: str) -> FileEntry:
    """Return the manifest's entry for a file that stands in `folder`."""
    with (folder / path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return FileEntry(path, file.tell(), digest.hexdigest())


def place_manifest(folder: Path, content: bytes, signing_key: SigningKey | None) -> None:
    """Write manifest.json and, with a key, its signature."""
    (folder / MANIFEST_NAME).write_bytes(content)
    if signing_key:
        (folder / SIGNATURE_NAME).write_bytes(signing_key.signature_of(content))

"""Fetch a list from the desk, or from any server that has its folder; write it only once it was proven whole."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .card import CARD_NAME
from .errors import FetchFailed, ListBroken
from .formats import SPECS, Format, KeyedFormat, spec_of
from .key_set import KeySet
from .manifest import MANIFEST_NAME, FileEntry, Manifest, manifest_from_json
from .placing import new_folder
from .reader import check, check_shape
from .roll_back import remember, require_not_older
from .signing import SIGNATURE_NAME
from .transport import Transport

_LARGEST_MANIFEST = 1024 * 1024
_LARGEST_SIGNATURE = 1024


@dataclass(frozen=True, slots=True)
class Guard:
    """What a fetched list must hold against: `keys` that may sign it, the most bytes its files may have
    together, and the `state` file that remembers which list was used last (None: no such check).
    """

    keys: KeySet
    largest: int = 2 * 1024**3
    state: Path | None = None


def fetch(
    server: Transport, *, output: Path, guard: Guard, format: Format | KeyedFormat | None = None
) -> Manifest:
    """Get a signed list from `server`, put it into the folder `output`, and return its manifest.

    With a `format` the address is that of a release in the desk's API, else that of a folder that is served
    as it stands. The signature is verified before anything else is fetched, each file's size and hash and then
    the rules before the folder appears; it appears whole or not at all. Raises FetchFailed, ListBroken,
    SignatureRefused, RolledBack, OutputRefused.
    """
    place = _places(format)
    with new_folder(output) as folder:
        written = _small(server, place(MANIFEST_NAME), _LARGEST_MANIFEST)
        signature = _small(server, place(SIGNATURE_NAME), _LARGEST_SIGNATURE)
        manifest = manifest_from_json(written)
        day = date.fromisoformat(manifest.frozen_on)
        guard.keys.verify(written, signature, key_id=manifest.key_id, day=day)
        _check_manifest(manifest, guard, format)
        for entry in manifest.files:
            _file(server, place(entry.path), folder / entry.path, entry)
        (folder / MANIFEST_NAME).write_bytes(written)
        (folder / SIGNATURE_NAME).write_bytes(signature)
        check(folder, keys=guard.keys)
    if guard.state:
        remember(manifest, guard.state)
    return manifest


def _places(format: Format | KeyedFormat | None) -> Callable[[str], str]:
    """Where the server has each file of the folder, relative to the address."""
    if format is None:
        return lambda path: path
    query = f"?format={format}"
    # exclusions.parquet, exclusions.legacy.json, exclusions.keyed.csv
    kind, _, table = format.rpartition("-")
    data = f"exclusions.{kind + '.' if kind else ''}{table}"
    names: Mapping[str, str] = {
        MANIFEST_NAME: "manifest" + query,
        SIGNATURE_NAME: "signature" + query,
        CARD_NAME: "card" + query,
        SPECS[format].path: data,
    }
    return names.__getitem__


def _check_manifest(manifest: Manifest, guard: Guard, format: Format | KeyedFormat | None) -> None:
    spec = spec_of(manifest.format)
    check_shape(manifest, spec)
    if format not in (None, manifest.format):
        raise FetchFailed(f"The server has a list of the format {manifest.format}, not {format}.")
    # Paths are names on our disk, so no others are taken, whoever signed them.
    if sorted(entry.path for entry in manifest.files) != sorted((CARD_NAME, spec.path)):
        raise ListBroken(f"{MANIFEST_NAME} names other files than a {manifest.format} list has.")
    total = sum(entry.bytes for entry in manifest.files)
    if total > guard.largest:
        raise FetchFailed(f"The list has {total:,} bytes; at most {guard.largest:,} are allowed.")
    if guard.state:
        require_not_older(manifest, guard.state)


def _small(server: Transport, place: str, limit: int) -> bytes:
    sink = io.BytesIO()
    server.get(place, sink, limit=limit)
    return sink.getvalue()


def _file(server: Transport, place: str, target: Path, entry: FileEntry) -> None:
    target.parent.mkdir(exist_ok=True)
    with target.open("wb") as sink:
        server.get(place, sink, limit=entry.bytes)

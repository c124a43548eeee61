"""The folder of a look-up store: beside the index it belongs to, named by its build id, removed and rebuilt at will."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ..manifest import IndexFile, sha256_of

STORE_MANIFEST = "manifest.json"
FORMAT = 4


class StoreUnusable(Exception):  # noqa: N818 - the store is unusable, not the caller
    """A look-up store is missing, of another build, cut short or damaged. The text is a sentence."""


@dataclass(frozen=True, slots=True)
class StoreManifest:
    """Which build a store belongs to, and its files in the order of the buckets."""

    build_id: str
    contents: tuple[IndexFile, ...]


def store_folder(index: Path) -> Path:
    """Return where the look-up store of the index in `index` stands."""
    return index.with_name(f"{index.name}.lookup")


def bucket_file(folder: Path, number: int) -> Path:
    """Return the path of a bucket's file in a store."""
    return folder / f"{number:04d}.lookup"


def write_manifest(folder: Path, build_id: str, contents: Sequence[IndexFile]) -> None:
    """Write what makes a store whole; without it nothing else in the folder is looked at."""
    fields = {
        "format": FORMAT,
        "build_id": build_id,
        "contents": [asdict(file) for file in contents],
    }
    (folder / STORE_MANIFEST).write_text(json.dumps(fields, indent=2) + "\n", encoding="utf-8")


def read_manifest(folder: Path, *, build_id: str, verify: bool) -> StoreManifest:
    """Return the manifest of a whole store of the build `build_id`; raises StoreUnusable.

    `verify` reads every file to compare its SHA-256.
    """
    path = folder / STORE_MANIFEST
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        found = StoreManifest(fields["build_id"], tuple(IndexFile(**file) for file in fields["contents"]))
        is_known = fields["format"] == FORMAT
    except FileNotFoundError as error:
        raise StoreUnusable(f"There is no look-up store {folder}.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreUnusable(f"{path} cannot be read or is damaged.") from error
    if not is_known:
        raise StoreUnusable(f"{path} is of another format.")
    if found.build_id != build_id:
        raise StoreUnusable(f"{folder} belongs to the build {found.build_id}, not to {build_id}.")
    for number, file in enumerate(found.contents):
        _check(bucket_file(folder, number), file, verify=verify)
    return found


def _check(path: Path, expected: IndexFile, *, verify: bool) -> None:
    size = path.stat().st_size if path.is_file() else -1
    if path.name != expected.name or size != expected.bytes:
        raise StoreUnusable(f"{path} is missing or has another size than its manifest says.")
    if verify and sha256_of(path) != expected.sha256:
        raise StoreUnusable(f"{path} was changed: its SHA-256 is not the one in the manifest.")


def remove_store(index: Path) -> None:
    """Remove the look-up store of an index, if there is one."""
    shutil.rmtree(store_folder(index), ignore_errors=True)

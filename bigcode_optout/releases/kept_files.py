"""The single files of what was exported: where each stands, how long it is, and the hash that names its content."""

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bigcode_optout.core.errors import Missing, Unavailable
from bigcode_optout.exclusionlist import SIGNATURE_NAME
from bigcode_optout.releases.export_models import DeltaExport
from bigcode_optout.releases.exporting import folder_of
from bigcode_optout.releases.models import Export

logger = logging.getLogger(__name__)
Kept = Export | DeltaExport
Part = Literal["data", "manifest", "signature", "card"]
_MANIFEST, _CARD = "manifest.json", "README.md"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that stands where it should, as long as it should be. `sha256` is in hexadecimal."""

    path: Path
    bytes: int
    sha256: str


def kept_file(kept: Kept, part: Part) -> KeptFile:
    """The file. Raises `Missing` for the signature of what is not signed, `Unavailable` (logged) when the files are not
    as they were written: gone, of another length, or with another manifest.

    Data and card keep the hash that the manifest gave them; whoever checks the signature checks it, too.
    """
    with _lost_is_logged(kept):
        if part == "manifest":
            return _manifest(kept)
        if part == "signature":
            return _signature(kept)
        return _listed(kept, part)


def data_path(kept: Kept) -> str:
    """The data file's path within the folder, as the manifest names it."""
    return next(entry["path"] for entry in kept.manifest["files"] if entry["path"] != _CARD)


def _manifest(kept: Kept) -> KeptFile:
    path = folder_of(kept) / _MANIFEST
    content = path.read_bytes()
    if json.loads(content) != kept.manifest:
        raise ValueError("the manifest is another one")
    return _hashed(path, content)


def _signature(kept: Kept) -> KeptFile:
    if not kept.manifest["key_id"]:
        raise Missing("not_signed", "This list is not signed: no key was configured when it was written.")
    path = folder_of(kept) / SIGNATURE_NAME
    return _hashed(path, path.read_bytes())


def _listed(kept: Kept, part: Literal["data", "card"]) -> KeptFile:
    wanted = _CARD if part == "card" else data_path(kept)
    entry = next((one for one in kept.manifest["files"] if one["path"] == wanted), None)
    if entry is None:
        raise Missing("no_card", "There is no card for this.")
    path = folder_of(kept) / wanted
    if path.stat().st_size != entry["bytes"]:
        raise ValueError("a file has another length")
    return KeptFile(path, entry["bytes"], entry["sha256"])


def _hashed(path: Path, content: bytes) -> KeptFile:
    return KeptFile(path, len(content), hashlib.sha256(content).hexdigest())


@contextmanager
def _lost_is_logged(kept: Kept) -> Iterator[None]:
    try:
        yield
    # A manifest that is no JSON is a ValueError, too.
    except (OSError, ValueError) as lost:
        logger.error("kept files of %s are not as they were written: %s", kept.path, lost)
        raise Unavailable(
            "files_lost",
            "The files of this release are not where they were written. We have noted it and will put them back.",
        ) from lost

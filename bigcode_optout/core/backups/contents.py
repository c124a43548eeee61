"""What stands in a backup's `backup.json`, and whether the backup is whole."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from bigcode_optout.core.errors import Refused

NAME = "backup.json"
FORMAT = 1
EXPORTS = "exports"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """`engine` is Django's word for the database, `taken_at` ISO 8601 in UTC; `files` maps a path in the folder,
    with forward slashes, to its SHA-256 in hex.
    """

    engine: str
    taken_at: str
    files: dict[str, str]

    def write(self, folder: Path) -> None:
        """Write it last: a folder without it is no backup."""
        text = json.dumps({"format": FORMAT, **asdict(self)}, indent=1) + "\n"
        (folder / NAME).write_text(text, encoding="utf-8")


def read_whole(folder: Path) -> Backup:
    """The backup in the folder. Raises `Refused` unless every file is there as it was written."""
    try:
        stored: Any = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if stored.pop("format") != FORMAT:
            raise ValueError("another format")
        backup = Backup(**stored)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise Refused(
            "no_backup", f"{folder} is not a backup: {NAME} is missing or not understood."
        ) from wrong
    for path, digest in backup.files.items():
        inner = PurePosixPath(path)
        if inner.is_absolute() or ".." in inner.parts:
            raise Refused("no_backup", f"{NAME} names a file outside the backup: {path}.")
        if not (folder / inner).is_file() or sha256_of(folder / inner) != digest:
            raise Refused(
                "backup_broken", f"{path} is missing in the backup, or was changed. Use another one."
            )
    return backup


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file in hex, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()

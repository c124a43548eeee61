"""Put a backup back."""

import shutil
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import connection

from bigcode_optout.core.backups.contents import EXPORTS, Backup, read_whole, sha256_of
from bigcode_optout.core.backups.databases import way
from bigcode_optout.core.errors import Conflict, Refused


def restore(*, folder: Path, may_replace: bool = False) -> Backup:
    """Make database and exports what they were; web and workers must stand still.

    Every file's hash is checked before anything is touched. Without `may_replace` only into an empty database, and
    no export is written over another one. Raises `Refused` for a backup that is not whole or of another engine,
    `Conflict` where something stands in the way, `Unavailable` when the database's tools fail.
    """
    backup = read_whole(folder)
    if backup.engine != connection.vendor or way().name not in backup.files:
        raise Refused(
            "another_engine", f"The backup is of {backup.engine}, the database here is {connection.vendor}."
        )
    if not may_replace and connection.introspection.table_names():
        raise Conflict(
            "database_in_use", "The database is not empty. Say that what it holds may be replaced."
        )
    wanted = _exports(backup, may_replace=may_replace)
    for path, target in wanted:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.partial")
        shutil.copyfile(folder / path, partial)
        partial.replace(target)
    way().restore(folder / way().name)
    return backup


def _exports(backup: Backup, *, may_replace: bool) -> list[tuple[PurePosixPath, Path]]:
    """The files that are not there yet as they were, and where they belong."""
    wanted = []
    for name, digest in backup.files.items():
        path = PurePosixPath(name)
        if path.parts[0] != EXPORTS:
            continue
        target = Path(settings.EXPORT_DIR).joinpath(*path.parts[1:])
        if target.is_file() and sha256_of(target) == digest:
            continue
        if target.exists() and not may_replace:
            raise Conflict("export_in_the_way", f"{target} is another file than the backup’s.")
        wanted.append((path, target))
    return wanted

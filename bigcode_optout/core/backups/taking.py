"""Take a backup."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection

from bigcode_optout.core import clock
from bigcode_optout.core.backups.contents import EXPORTS, Backup, sha256_of
from bigcode_optout.core.backups.databases import way
from bigcode_optout.core.errors import Refused, Unavailable
from bigcode_optout.exclusionlist import ExclusionListError
from bigcode_optout.exclusionlist.placing import new_folder


def back_up(*, folder: Path, key_folder: Path | None = None) -> Backup:
    """Write the database and every file of an export into a new folder; with `key_folder` the private keys into that
    one, which must be elsewhere: whoever finds a backup must not be able to sign with it.

    The database comes first. What is exported meanwhile is only a file too many: exports are written once. Raises
    `Refused` for a folder with anything in it, `Unavailable` when the database's tools fail or the disk is full: then
    nothing is left of it.
    """
    folder, exports = folder.absolute(), Path(settings.EXPORT_DIR).absolute()
    _require_place(folder, exports)
    if key_folder is not None:
        if folder in (key_folder.absolute(), *key_folder.absolute().parents):
            raise Refused("keys_in_backup", "The keys must not stand in the backup. Name a folder elsewhere.")
        _require_place(key_folder.absolute(), exports)
    try:
        with new_folder(folder) as made:
            made.chmod(0o700)
            backup = _fill(made, exports)
            if key_folder is not None:
                _copy_keys(key_folder.absolute())
    except ExclusionListError as error:
        raise Unavailable("backup_not_written", f"{error} There is no backup.") from error
    return backup


def _fill(folder: Path, exports: Path) -> Backup:
    dumped = folder / way().name
    way().dump(dumped)
    dumped.chmod(0o600)
    if exports.is_dir():
        # Hidden folders are exports that are being written.
        shutil.copytree(exports, folder / EXPORTS, ignore=shutil.ignore_patterns(".*"))
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    hashes = {path.relative_to(folder).as_posix(): sha256_of(path) for path in files}
    backup = Backup(connection.vendor, clock.now().isoformat(timespec="seconds"), hashes)
    backup.write(folder)
    return backup


def key_files() -> list[Path]:
    """The files of private keys that this installation has: the one that signs, and that of the sessions."""
    named = [settings.EXCLUSION_SIGNING_KEY_FILE, str(Path(settings.DATA_DIR) / "secret_key")]
    return [Path(name) for name in named if name and Path(name).is_file()]


def _copy_keys(folder: Path) -> None:
    with new_folder(folder) as made:
        made.chmod(0o700)
        for path in key_files():
            target = made / path.name
            target.touch(mode=0o600)
            target.write_bytes(path.read_bytes())


def _require_place(folder: Path, source: Path) -> None:
    if folder == source or source in folder.parents:
        raise Refused("backup_in_itself", f"{folder} stands in what is backed up. Name a folder elsewhere.")
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise Refused("backup_taken", f"{folder} is not an empty folder. Each backup has one of its own.")

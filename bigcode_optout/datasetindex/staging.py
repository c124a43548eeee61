"""A folder that is built beside its final place and moved there whole, or vanishes."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import IndexBuildError

_LOCK = ".lock"
_SECONDS_TO_LOCK = 60


@contextmanager
def staged(output: Path) -> Iterator[Path]:
    """Yield a new folder beside `output`; rename it to `output` at the end, remove it on any error.

    The rename is one step, so that a reader sees all or nothing. A builder that was killed leaves its
    folder behind (a dot before its name, a lock that nobody holds); the next build here removes it, one that
    never came to its lock after a minute. Raises IndexBuildError if `output` exists.
    """
    _refuse_existing(output)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(output)
        with _locked_folder(output) as building:
            yield building
            (building / _LOCK).unlink()
            _put_in_place(building, output)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise IndexBuildError(f"The index {output} could not be written: {reason}.") from error


@contextmanager
def _locked_folder(output: Path) -> Iterator[Path]:
    building = Path(tempfile.mkdtemp(prefix=f".{output.name}.building-", dir=output.parent))
    try:
        with (building / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield building
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _refuse_existing(output: Path) -> None:
    if os.path.lexists(output):
        raise IndexBuildError(f"{output} already exists. Each build goes into a new folder.")


def _put_in_place(building: Path, output: Path) -> None:
    building.chmod(0o755)
    for path in (*building.rglob("*"), building):
        _flush(path)
    _refuse_existing(output)
    try:
        building.rename(output)
    except OSError as error:
        raise IndexBuildError(f"{output} was made by somebody else in the meantime.") from error
    _flush(output.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_abandoned(output: Path) -> None:
    prefix = f".{output.name}.building-"
    for folder in output.parent.iterdir():
        if not folder.name.startswith(prefix):
            continue
        if not _is_held(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_held(folder: Path) -> bool:
    """True while its builder lives; also for a new folder whose builder may be about to lock it."""
    try:
        with (folder / _LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return time.time() - folder.stat().st_mtime < _SECONDS_TO_LOCK
    except BlockingIOError:
        return True
    return False

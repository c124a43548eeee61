"""The folder of half-made work: what is finished stays there, whatever happens to the process."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import IndexBuildError
from .plan import Plan

SPILL_NAME = "spill"
_LOCK = "lock"
_PLAN = "plan.json"
_UNFINISHED = ".unfinished"


def scratch_folder(index_path: Path) -> Path:
    """Return where a pass for an index keeps its work: beside the index's folder."""
    return index_path.with_name(index_path.name + ".copies-scratch")


@contextmanager
def open_scratch(folder: Path, plan: Plan) -> Iterator[Path]:
    """Yield `folder` with what an earlier pass of the same plan finished, or empty.

    Removed at the end, kept on any error. Raises IndexBuildError if another process works in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexBuildError(f"Another pass over copies is at work in {folder}.") from error
        _prepare(folder, plan)
        yield folder
        shutil.rmtree(folder)


def _prepare(folder: Path, plan: Plan) -> None:
    path = folder / _PLAN
    if not path.is_file() or path.read_text(encoding="utf-8") != plan.to_json():
        for found in folder.iterdir():
            if found.name != _LOCK:
                _remove(found)
        path.write_text(plan.to_json(), encoding="utf-8")
    for unfinished in (folder / SPILL_NAME, *folder.glob(f"*/*{_UNFINISHED}")):
        shutil.rmtree(unfinished, ignore_errors=True)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def finish_once(folder: Path, write: Callable[[Path], None]) -> None:
    """Have `write` fill a new folder and call it `folder` when it is whole and on disk; nothing if it is
    there.
    """
    if folder.exists():
        return
    unfinished = folder.with_name(folder.name + _UNFINISHED)
    unfinished.mkdir(parents=True)
    write(unfinished)
    for path in unfinished.rglob("*"):
        _flush(path)
    unfinished.rename(folder)
    _flush(folder.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

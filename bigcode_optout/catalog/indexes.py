"""Open indexes, one a build and process. A build never changes, so an open one stays right."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from bigcode_optout.catalog.models import DatasetVersion, IndexBuild
from bigcode_optout.core.errors import Unavailable
from bigcode_optout.datasetindex import Index, IndexBroken, open_index

logger = logging.getLogger(__name__)

# An index that was handed out is read for some seconds at least, however short the grace period is.
LEAST_SECONDS = 60.0
_Key = tuple[int, str]


@dataclass
class _Held:
    """An open index, and when it was asked for last, by the monotonic clock."""

    index: Index
    asked_at: float


_open: dict[_Key, _Held] = {}
_lock = threading.Lock()


def _forget_lock() -> None:
    """Begin with a free lock in a child process: a thread of the parent may have held it while it forked."""
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_forget_lock)


def folder_of(build: IndexBuild) -> Path:
    """Where the build's files stand."""
    return Path(settings.INDEX_DIR) / build.path


def index_of(build: IndexBuild) -> Index:
    """The open index of `build`. Raises `IndexBroken` when its files are not what was built.

    Nobody asks for a build that stopped being current: once the grace period is over it is closed here.
    """
    key, now = (build.pk, build.path), time.monotonic()
    with _lock:
        held = _open.get(key)
        if held is None:
            held = _open[key] = _Held(_opened(build), now)
        held.asked_at = now
        if len(_open) > 1:
            _close_unasked(now)
        return held.index


@contextmanager
def told(version: DatasetVersion) -> Iterator[None]:
    """Raise `Unavailable` where the index of `version` cannot be read: a part would look like all of it."""
    try:
        yield
    except IndexBroken as error:
        logger.exception("the index of %s cannot be read", version)
        raise Unavailable(
            "index_broken", f"We cannot look into {version} just now. Please try again in a while."
        ) from error


def check_whole(build: IndexBuild, *, is_checked: bool) -> None:
    """Raise `IndexBroken` unless the build's files are those that were built; with `is_checked` by their SHA-256."""
    open_index(folder_of(build), verify=is_checked).close()


def _opened(build: IndexBuild) -> Index:
    return open_index(
        folder_of(build), memory_limit=settings.INDEX_MEMORY_LIMIT, threads=settings.INDEX_THREADS
    )


def _close_unasked(now: float) -> None:
    patience = max(float(settings.INDEX_GRACE_SECONDS), LEAST_SECONDS)
    for key in [key for key, held in _open.items() if now - held.asked_at > patience]:
        _open.pop(key).index.close()

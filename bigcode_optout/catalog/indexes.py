"""Open indexes, one a build and process. A build never changes, so an open one stays right."""

import threading
from pathlib import Path

from django.conf import settings

from bigcode_optout.catalog.models import IndexBuild
from bigcode_optout.datasetindex import Index, open_index

_open: dict[tuple[int, str], Index] = {}
_lock = threading.Lock()


def folder_of(build: IndexBuild) -> Path:
    """Where the build's files stand."""
    return Path(settings.INDEX_DIR) / build.path


def index_of(build: IndexBuild) -> Index:
    """The open index of `build`. Raises `IndexBroken` when its files are not what was built."""
    key = (build.pk, build.path)
    with _lock:
        if key not in _open:
            _open[key] = open_index(
                folder_of(build), memory_limit=settings.INDEX_MEMORY_LIMIT, threads=settings.INDEX_THREADS
            )
        return _open[key]

"""The versions that have an index, kept for a moment: look-ups ask for them far more often than they change."""

import os
import threading
import time

from bigcode_optout.catalog.models import DatasetVersion

# How late a process may notice that another one switched an index. The old build's files stay for much longer.
SECONDS = 1.0
_kept: dict[str, tuple[float, list[DatasetVersion]]] = {}
_lock = threading.Lock()


def _forget_lock() -> None:
    """Begin with a free lock in a child process: a thread of the parent may have held it while it forked."""
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_forget_lock)


def indexed_versions(slug: str) -> list[DatasetVersion]:
    """The versions that have an index, newest data first, each with its `current_build`. One query."""
    return list(
        DatasetVersion.objects.filter(dataset__slug=slug, current_build__isnull=False)
        .select_related("current_build", "dataset")
        # It names every file of the build, and look-ups need none of it.
        .defer("current_build__manifest")
        .order_by("-data_date", "-name")
    )


def kept_versions(slug: str) -> list[DatasetVersion]:
    """The same, read at most once a second in this process. Not to be changed by the caller."""
    found = _kept.get(slug)
    now = time.monotonic()
    if found is not None and now - found[0] < SECONDS:
        return found[1]
    with _lock:
        found = _kept.get(slug)
        if found is None or now - found[0] >= SECONDS:
            found = _kept[slug] = (time.monotonic(), _same_if_unchanged(slug, found))
        return found[1]


def _same_if_unchanged(slug: str, found: tuple[float, list[DatasetVersion]] | None) -> list[DatasetVersion]:
    """The rows that are here already, unless a switch made others current: manifests are long to read."""
    if found is not None:
        current = DatasetVersion.objects.filter(dataset__slug=slug, current_build__isnull=False)
        if set(current.values_list("pk", "current_build_id")) == {
            (version.pk, version.current_build_id) for version in found[1]
        }:
            return found[1]
    return indexed_versions(slug)


def forget_versions() -> None:
    """Read them anew at the next look-up of this process."""
    with _lock:
        _kept.clear()

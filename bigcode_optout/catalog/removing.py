"""Remove index folders that answer no more: of builds whose grace period is over, and what nobody registered."""

import logging
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from bigcode_optout.catalog.indexes import folder_of
from bigcode_optout.catalog.models import DatasetVersion, IndexBuild
from bigcode_optout.core import clock

logger = logging.getLogger(__name__)
# What `services.build_index` names a folder, what stands beside it (`.lookup`, `.copies`), and the hidden folders in
# which these are made. Anything else below INDEX_DIR is somebody else's and is never touched.
_OURS = re.compile(r"\.?(?P<build>\d{8}T\d{6}-[0-9a-f]{8})(?:\..+)?")
# A build that runs touches its files all the time; one that was silent for so long is dead.
_SILENT_SECONDS = 3600


def remove_retired() -> int:
    """Remove the folders of builds that stopped being current before the grace period; their rows stay."""
    before = clock.now() - timedelta(seconds=settings.INDEX_GRACE_SECONDS)
    retired = IndexBuild.objects.filter(retired_at__lt=before, removed_at__isnull=True)
    return sum(_remove(build_id) for build_id in retired.values_list("pk", flat=True))


def _remove(build_id: int) -> bool:
    """Mark, then delete: a folder that outlives its mark is found by `remove_leftovers`."""
    with transaction.atomic():
        version_id = IndexBuild.objects.values_list("version_id", flat=True).get(pk=build_id)
        # The lock of a switch, so that nobody goes back to what is being removed.
        version = DatasetVersion.objects.select_for_update(of=("self",)).get(pk=version_id)
        build = IndexBuild.objects.get(pk=build_id)
        if version.current_build_id == build_id or build.retired_at is None or build.removed_at:
            return False
        build.removed_at = clock.now()
        build.save(update_fields=["removed_at"])
    folder = folder_of(build)
    for path in [folder, *_of_build(folder.parent, folder.name)]:
        _delete(path)
    return True


def remove_leftovers() -> int:
    """Remove folders that no living build has: of builds that were killed, and deletions that were."""
    silent_since = clock.now().timestamp() - max(settings.INDEX_GRACE_SECONDS, _SILENT_SECONDS)
    found = [path for path in _unregistered() if _touched_at(path) < silent_since]
    for path in found:
        logger.info("removing the index folder %s, which nobody registered", path.name)
        _delete(path)
    return len(found)


def _unregistered() -> Iterator[Path]:
    root = Path(settings.INDEX_DIR)
    living = set(IndexBuild.objects.filter(removed_at__isnull=True).values_list("path", flat=True))
    for path in sorted(root.glob("*/*/*")):
        match = _OURS.fullmatch(path.name)
        if match is None:
            continue
        build = (path.parent / match["build"]).relative_to(root).as_posix()
        # What is hidden was never finished, also where its build lives.
        if build not in living or path.name.startswith("."):
            yield path


def _of_build(folder: Path, name: str) -> list[Path]:
    """What stands beside a build's folder and belongs to it."""
    found = ((path, _OURS.fullmatch(path.name)) for path in folder.iterdir()) if folder.is_dir() else ()
    return [path for path, match in found if match and match["build"] == name and path.name != name]


def _touched_at(path: Path) -> float:
    """When anything in it changed last, in seconds since 1970."""
    times = [path.lstat().st_mtime]
    for inner in path.rglob("*"):
        try:
            times.append(inner.lstat().st_mtime)
        except FileNotFoundError:
            continue
    return max(times)


def _delete(path: Path) -> None:
    """Delete what is there. What cannot be deleted now is tried again by the next run."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("the index folder %s could not be removed: %s", path.name, error.strerror)

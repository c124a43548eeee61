"""Build an index, register it, and say which build answers for a version."""

import re
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from bigcode_optout.catalog import remarks
from bigcode_optout.catalog.indexes import check_whole
from bigcode_optout.catalog.models import Dataset, DatasetVersion, IndexBuild
from bigcode_optout.catalog.serving import forget_versions
from bigcode_optout.core import clock
from bigcode_optout.core.bell import ring_named
from bigcode_optout.core.errors import Conflict
from bigcode_optout.datasetindex import IndexBuildError, IndexManifest, build
from bigcode_optout.datasetindex.progress import OnProgress

TITLES = {"the-stack": "The Stack"}
# Dataset and version become folders.
_FOLDER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def build_index(
    *,
    dataset: str,
    version: str,
    schema: str,
    data_date: date,
    inputs: Sequence[Path],
    deduplicated: str | None = None,
    memory_limit: str | None = None,
    threads: int | None = None,
    may_shrink: bool = False,
    on_progress: OnProgress | None = None,
) -> IndexBuild:
    """Build the index of a version from its metadata and make it the current one.

    `deduplicated` None: as the schema is published. The build stands in a folder of its own and is registered only
    when it is whole: whatever fails before leaves the build that serves now in place. Of two builds of one version at
    once the one that is registered later serves. One with less than half of the repositories of the build that serves
    is registered and does not serve (`is_current`), unless it `may_shrink`: from a wrong folder people would read that
    nothing of theirs is in. Raises `IndexBuildError` with a sentence.
    """
    for name in (dataset, version):
        if not _FOLDER_NAME.fullmatch(name):
            raise IndexBuildError(
                f"“{name}” cannot name a folder. Use letters, digits, dots and hyphens: v2.1."
            )
    began_at = clock.now()
    path = Path(dataset) / version / f"{began_at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    folder = Path(settings.INDEX_DIR) / path
    manifest = build(
        inputs,
        output=folder,
        schema=schema,
        data_date=data_date,
        dataset=dataset,
        version=version,
        deduplicated=deduplicated,
        memory_limit=memory_limit or settings.INDEX_MEMORY_LIMIT,
        threads=threads or settings.INDEX_THREADS,
        on_progress=on_progress,
    )
    return _register(path=path, manifest=manifest, began_at=began_at, may_shrink=may_shrink)


@transaction.atomic
def _register(
    *, path: Path, manifest: IndexManifest, began_at: datetime, may_shrink: bool = False
) -> IndexBuild:
    dataset, _ = Dataset.objects.get_or_create(
        slug=manifest.dataset, defaults={"title": TITLES.get(manifest.dataset, manifest.dataset)}
    )
    known, _ = DatasetVersion.objects.get_or_create(
        dataset=dataset,
        name=manifest.version,
        defaults={
            "schema": manifest.schema,
            "data_date": manifest.data_date,
            "deduplicated": manifest.deduplicated,
        },
    )
    version = _locked(known.pk)
    serves = may_shrink or not remarks.shrinks(version, manifest)
    made = IndexBuild.objects.create(
        version=version,
        path=path.as_posix(),
        manifest=manifest.as_dict(),
        repository_count=manifest.repositories,
        owner_count=manifest.owners,
        file_count=manifest.files,
        byte_count=manifest.bytes,
        built_at=clock.now(),
        remarks=remarks.about(version, manifest, began_at=began_at),
        retired_at=None if serves else clock.now(),
    )
    if serves:
        _make_current(version, made)
    return made


@transaction.atomic
def switch_index(*, build_id: int, is_checked: bool = False) -> IndexBuild:
    """Let another build of its version answer from now on, such as an earlier one.

    With `is_checked` every file is read and compared with its SHA-256 first. Raises `Conflict` when the folder was
    removed, and `IndexBroken` when it is not whole.
    """
    made = IndexBuild.objects.get(pk=build_id)
    version = _locked(made.version_id)
    made.refresh_from_db()
    if made.removed_at is not None:
        raise Conflict("build_removed", f"The folder of {made.name} was removed. Build the index again.")
    check_whole(made, is_checked=is_checked)
    _make_current(version, made)
    return made


def _locked(version_id: int) -> DatasetVersion:
    return DatasetVersion.objects.select_for_update(of=("self",)).get(pk=version_id)


def _make_current(version: DatasetVersion, made: IndexBuild) -> None:
    """Switch, in the caller's transaction and with the version locked. Facts of the version are those of the build."""
    before = version.current_build
    if before is not None and before.pk != made.pk:
        IndexBuild.objects.filter(pk=before.pk).update(retired_at=clock.now())
    IndexBuild.objects.filter(pk=made.pk).update(retired_at=None)
    made.retired_at, made.version = None, version
    version.current_build = made
    version.schema = made.manifest["schema"]
    version.data_date = date.fromisoformat(made.manifest["data_date"])
    version.deduplicated = made.manifest["deduplicated"]
    version.has_repository_ids = made.manifest["has_repository_ids"]
    version.has_sizes = made.manifest["has_sizes"]
    version.has_file_counts = made.manifest.get("has_files", True)
    version.save()
    transaction.on_commit(forget_versions)
    for task in settings.INDEX_SWITCHED_TASKS:
        ring_named(task)

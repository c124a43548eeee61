"""Build and register an index."""

import secrets
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from bigcode_optout.catalog.models import Dataset, DatasetVersion, IndexBuild
from bigcode_optout.core import clock
from bigcode_optout.datasetindex import IndexManifest, build

TITLES = {"the-stack": "The Stack"}


def build_index(
    *,
    dataset: str,
    version: str,
    schema: str,
    data_date: date,
    inputs: Sequence[Path],
    deduplicated: str = "exact",
) -> IndexBuild:
    """Build the index of a version from its metadata and make it the current one.

    The build stands in a folder of its own and is registered only when it is whole: whatever fails before leaves the
    build that serves now in place. Raises `IndexBuildError` with a sentence.
    """
    path = Path(dataset) / version / f"{clock.now():%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    folder = Path(settings.INDEX_DIR) / path
    folder.parent.mkdir(parents=True, exist_ok=True)
    manifest = build(
        inputs,
        output=folder,
        schema=schema,
        data_date=data_date,
        dataset=dataset,
        version=version,
        deduplicated=deduplicated,
        memory_limit=settings.INDEX_MEMORY_LIMIT,
        threads=settings.INDEX_THREADS,
    )
    return _register(path=path, manifest=manifest)


@transaction.atomic
def _register(*, path: Path, manifest: IndexManifest) -> IndexBuild:
    dataset, _ = Dataset.objects.get_or_create(
        slug=manifest.dataset, defaults={"title": TITLES.get(manifest.dataset, manifest.dataset)}
    )
    version, _ = DatasetVersion.objects.update_or_create(
        dataset=dataset,
        name=manifest.version,
        defaults={
            "schema": manifest.schema,
            "data_date": manifest.data_date,
            "deduplicated": manifest.deduplicated,
            "has_repository_ids": manifest.has_repository_ids,
        },
    )
    build = IndexBuild.objects.create(
        version=version,
        path=path.as_posix(),
        manifest=manifest.as_dict(),
        repository_count=manifest.repositories,
        owner_count=manifest.owners,
        file_count=manifest.files,
        byte_count=manifest.bytes,
        built_at=clock.now(),
    )
    version.current_build = build
    version.save(update_fields=["current_build"])
    return build

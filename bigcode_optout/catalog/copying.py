"""The optional second pass over a build: which files of a repository stand in repositories of other owners, too."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from bigcode_optout.catalog.indexes import folder_of
from bigcode_optout.catalog.models import IndexBuild
from bigcode_optout.datasetindex.copies import build_copies
from bigcode_optout.datasetindex.progress import OnProgress


def count_copies(
    *,
    build: IndexBuild,
    inputs: Sequence[Path],
    memory_limit: str | None = None,
    threads: int | None = None,
    on_progress: OnProgress | None = None,
) -> None:
    """Count the copies of a registered build from the inputs that it was made of; they stand beside its folder.

    Interrupted, it goes on where it stopped. Raises `IndexBuildError` with a sentence, also where a version was
    deduplicated: there copies cannot be counted.
    """
    build_copies(
        folder_of(build),
        inputs,
        schema=build.manifest["schema"],
        memory_limit=memory_limit or settings.INDEX_MEMORY_LIMIT,
        threads=threads or settings.INDEX_THREADS,
        on_progress=on_progress,
    )

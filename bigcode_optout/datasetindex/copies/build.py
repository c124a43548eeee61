"""The optional second pass over a dataset version: which files also stand in repositories of other owners."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from ..engine import connect_for_building, limit_bytes
from ..errors import IndexBroken, IndexBuildError
from ..inputs import first_line
from ..manifest import IndexManifest
from ..opened import read_manifest
from ..progress import OnProgress, silent
from .contents import Contents
from .manifest import CopiesManifest
from .plan import make_plan
from .reader import copies_folder, read_copies_manifest
from .scratch import SPILL_NAME, open_scratch, scratch_folder
from .space import check_space, needed_for
from .steps import Steps


def build_copies(
    index_path: Path,
    inputs: Sequence[Path],
    *,
    schema: str = "auto",
    memory_limit: str = "2GB",
    threads: int = 2,
    on_progress: OnProgress | None = None,
    lot_rows: int | None = None,
) -> CopiesManifest:
    """Count copies elsewhere for the index in `index_path`, from the files that it was built from; put the
    result beside it, in `<index_path>.copies`.

    Finished work is kept in `<index_path>.copies-scratch`: called again with the same files and limits, a
    pass goes on where it was interrupted. A whole result of this build is returned as it is; a damaged one
    or another build's is replaced. `lot_rows` limits how many rows are read before they are kept.

    Raises IndexBuildError with a sentence, also for a version that was deduplicated, where copies cannot be
    measured, and for a disk that is too small; IndexBroken if the index is.
    """
    index_path = Path(index_path)
    manifest = _measurable(index_path, schema)
    try:
        return read_copies_manifest(copies_folder(index_path), manifest.build_id, verify=True)
    except IndexBroken:
        return _count(index_path, inputs, manifest, memory_limit, threads, on_progress or silent, lot_rows)


def _measurable(index_path: Path, schema: str) -> IndexManifest:
    manifest = read_manifest(index_path, verify=False)
    if schema not in ("auto", manifest.schema):
        raise IndexBuildError(
            f"{index_path} was built with the schema “{manifest.schema}”, so its copies cannot be counted "
            f"with “{schema}”."
        )
    if manifest.deduplicated != "no":
        raise IndexBuildError(
            f"Copies elsewhere cannot be measured in this version: it was deduplicated ({manifest.deduplicated}), "
            "so the copies are not in it."
        )
    return manifest


def _count(
    index_path: Path,
    inputs: Sequence[Path],
    manifest: IndexManifest,
    memory_limit: str,
    threads: int,
    on_progress: OnProgress,
    lot_rows: int | None,
) -> CopiesManifest:
    contents = Contents(manifest.schema)
    files = contents.find(inputs)
    rows = [contents.count(file) for file in files]
    scratch = scratch_folder(index_path)
    check_space(index_path.resolve().parent, needed_for(sum(rows)), scratch=scratch)
    try:
        spill = scratch / SPILL_NAME
        with connect_for_building(memory_limit=memory_limit, threads=threads, spill=spill) as connection:
            memory = limit_bytes(memory_limit, connection)
            plan = make_plan(files, rows, manifest=manifest, memory=memory, lot_rows=lot_rows)
            with open_scratch(scratch, plan):
                return Steps(connection, index_path, manifest, files, contents, plan, on_progress).run()
    except (duckdb.Error, OSError) as error:
        raise IndexBuildError(
            f"Counting copies stopped: {first_line(error)}. What is finished is kept in {scratch}; "
            "the same command goes on from there."
        ) from error

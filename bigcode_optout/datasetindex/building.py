"""Build an index from the metadata of a dataset version."""

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import duckdb

from .assemble import assemble
from .disk import refuse_full_disk, say_disk
from .errors import IndexBuildError
from .inputs import find_inputs
from .lookup_store.folder import remove_store, store_folder, write_manifest
from .manifest import MANIFEST_NAME, IndexManifest
from .progress import BuildProgress, OnProgress, silent
from .readers import AUTO, SCHEMAS, reader_for, settle
from .staging import staged

DEDUPLICATED = ("no", "exact", "near")
_DEDUPLICATED_BY_SCHEMA: Mapping[str, str] = {"v2": "exact", "v2-ids": "exact"}
"""As the versions were published; the other schemas say nothing, so `no`."""


def build(
    inputs: Sequence[Path],
    *,
    output: Path,
    schema: str = "v2",
    data_date: dt.date,
    dataset: str = "the-stack",
    version: str = "",
    deduplicated: str | None = None,
    memory_limit: str = "2GB",
    threads: int = 2,
    has_store: bool = True,
    is_disk_checked: bool = True,
    on_progress: OnProgress | None = None,
) -> IndexManifest:
    """Read metadata from Parquet or gzip JSON files, folders or globs and write an index to the folder `output`.

    `schema` is one of readers.SCHEMAS, or `auto` for what the columns say. `deduplicated` says how the dataset
    version was deduplicated (`no`, `exact`, `near`; by default as the schema is published). `memory_limit` is for
    all processes together, of which there are up to `threads`. `is_disk_checked` refuses a disk without the room
    that a build may need at most; rows of which many belong to one repository need far less.

    The folder appears at `output` whole at the end, or not at all, and then, unless `has_store` is false, its
    look-up store beside it. Raises IndexBuildError with a sentence for everything that cannot be used.
    """
    _check_choices(schema, deduplicated, data_date)
    output = Path(output)
    with ExitStack() as stack:
        # Entered first, put in place last: a store never stands without its index.
        store = stack.enter_context(_staged_store(output)) if has_store else None
        folder = stack.enter_context(staged(output))
        files = find_inputs(inputs)
        reader = reader_for(settle(schema, files))
        present = [reader.check(file) for file in files]
        if is_disk_checked:
            refuse_full_disk(files, folder)
        say = on_progress or silent
        say(BuildProgress(say_disk(files, folder), 0, 0))
        made = assemble(
            folder,
            files,
            reader,
            present,
            store=store,
            memory_limit=memory_limit,
            threads=threads,
            on_progress=say,
        )
        manifest = IndexManifest(
            dataset=dataset,
            version=version,
            schema=reader.schema,
            data_date=data_date,
            deduplicated=deduplicated or _DEDUPLICATED_BY_SCHEMA.get(reader.schema, "no"),
            has_repository_ids=made.counts.ids > 0,
            has_sizes=all("bytes" in parts for parts in present),
            has_files=all("files" in parts for parts in present),
            repositories=made.counts.repositories,
            owners=made.counts.owners,
            files=made.counts.files,
            bytes=made.counts.bytes,
            refused=made.refused,
            contents=made.published,
            writer=f"duckdb {duckdb.__version__}",
        )
        (folder / MANIFEST_NAME).write_text(manifest.to_json(), encoding="utf-8")
        if store:
            write_manifest(store, manifest.build_id, made.store)
    return manifest


def _staged_store(output: Path) -> AbstractContextManager[Path]:
    if not os.path.lexists(output):
        # What is left of an index that was removed.
        remove_store(output)
    return staged(store_folder(output))


def _check_choices(schema: str, deduplicated: str | None, data_date: dt.date) -> None:
    if schema not in (AUTO, *SCHEMAS):
        raise IndexBuildError(
            f"The schema “{schema}” cannot be built. Known are: {', '.join((AUTO, *SCHEMAS))}."
        )
    if deduplicated and deduplicated not in DEDUPLICATED:
        raise IndexBuildError(
            f"“{deduplicated}” is no way to deduplicate. Known are: {', '.join(DEDUPLICATED)}."
        )
    if data_date > dt.datetime.now(dt.UTC).date():
        raise IndexBuildError(f"The data date {data_date} lies in the future.")

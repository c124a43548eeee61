"""Build an index from the metadata of a dataset version."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import duckdb

from bigcode_optout.names import DATASET_COLUMNS

from .assemble import BuildProgress, OnProgress, assemble
from .errors import IndexBuildError
from .file_level import check_columns
from .inputs import find_inputs
from .manifest import MANIFEST_NAME, REPOSITORIES_NAME, IndexFile, IndexManifest, sha256_of
from .staging import staged

SCHEMAS = ("v2",)
"""The schemas that can be built now, of those in `names.DATASET_COLUMNS`."""

DEDUPLICATED = ("no", "exact", "near")
_DEDUPLICATED_BY_SCHEMA = {"v2": "exact"}


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
    on_progress: OnProgress | None = None,
) -> IndexManifest:
    """Read file-level metadata from Parquet files, folders or globs and write an index to the folder
    `output`.

    `deduplicated` says how the dataset version was deduplicated (`no`, `exact`, `near`; by default as the
    schema is published). The folder appears at `output` whole at the end, or not at all. Raises
    IndexBuildError with a sentence for everything that cannot be used.
    """
    deduplicated = deduplicated or _DEDUPLICATED_BY_SCHEMA.get(schema, "no")
    _check_choices(schema, deduplicated, data_date)
    with staged(Path(output)) as folder:
        files = find_inputs(inputs)
        present = [check_columns(file, DATASET_COLUMNS[schema]) for file in files]
        refused, counts = assemble(
            folder,
            files,
            DATASET_COLUMNS[schema],
            memory_limit=memory_limit,
            threads=threads,
            on_progress=on_progress or _silent,
        )
        manifest = IndexManifest(
            dataset=dataset,
            version=version,
            schema=schema,
            data_date=data_date,
            deduplicated=deduplicated,
            has_repository_ids=counts["ids"] > 0,
            has_sizes=all("bytes" in parts for parts in present),
            repositories=counts["repositories"],
            owners=counts["owners"],
            files=counts["files"],
            bytes=counts["bytes"],
            refused=refused,
            contents=(_describe(folder / REPOSITORIES_NAME),),
            writer=f"duckdb {duckdb.__version__}",
        )
        (folder / MANIFEST_NAME).write_text(manifest.to_json(), encoding="utf-8")
    return manifest


def _check_choices(schema: str, deduplicated: str, data_date: dt.date) -> None:
    if schema not in SCHEMAS:
        raise IndexBuildError(f"The schema “{schema}” cannot be built. Known are: {', '.join(SCHEMAS)}.")
    if deduplicated not in DEDUPLICATED:
        raise IndexBuildError(
            f"“{deduplicated}” is no way to deduplicate. Known are: {', '.join(DEDUPLICATED)}."
        )
    if data_date > dt.datetime.now(dt.UTC).date():
        raise IndexBuildError(f"The data date {data_date} lies in the future.")


def _describe(path: Path) -> IndexFile:
    return IndexFile(path.name, path.stat().st_size, sha256_of(path))


def _silent(progress: BuildProgress) -> None:
    pass

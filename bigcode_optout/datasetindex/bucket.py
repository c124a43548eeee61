"""One bucket, from its scratch files to its files of the index: what a worker process does."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from .engine import connect_for_building, scan_folder
from .errors import IndexBuildError
from .gather import ARE_ALL_DIFFERENT, REPEATED, parts_view, repositories
from .inputs import first_line
from .lookup_store.packing import pack
from .manifest import IndexFile, describe
from .readers import PARTS
from .write import Counts, read_back, write_sorted


@dataclass(frozen=True, slots=True)
class BucketJob:
    """What one bucket is made of, as paths and plain values that go through a pipe as JSON.

    `scratch` is the folder with the bucket's parts, which is not there when nothing fell into it; None when the
    published file is already there and only the look-up store is wanted. `store` is None for no look-up store.
    """

    number: int
    scratch: str | None
    carried: tuple[str, ...]
    published: str
    store: str | None
    memory_limit: str
    spill: str


@dataclass(frozen=True, slots=True)
class BucketDone:
    """The files that were written, and what they hold."""

    number: int
    published: IndexFile
    store: IndexFile | None
    counts: Counts


def make_bucket(job: BucketJob) -> BucketDone:
    """Do `job` on a connection of its own; raises IndexBuildError."""
    with connect_for_building(memory_limit=job.memory_limit, threads=1, spill=Path(job.spill)) as connection:
        return make_bucket_on(connection, job)


def make_bucket_on(connection: duckdb.DuckDBPyConnection, job: BucketJob) -> BucketDone:
    """Gather, sort, write and check the published file, then pack its part of the look-up store.

    Raises IndexBuildError.
    """
    published = Path(job.published)
    try:
        # Rows are read back in the order in which they stand.
        connection.execute("SET threads = 1")
        connection.execute("SET preserve_insertion_order = true")
        counts = _publish(connection, job, published) if job.scratch else read_back(connection, published)
        store = pack(connection, published, Path(job.store)) if job.store else None
    except (duckdb.Error, OSError) as error:
        raise IndexBuildError(f"The index could not be written: {first_line(error)}.") from error
    return BucketDone(
        number=job.number,
        published=describe(published, f"{published.parent.name}/{published.name}"),
        store=describe(store, store.name) if store else None,
        counts=counts,
    )


def _publish(connection: duckdb.DuckDBPyConnection, job: BucketJob, path: Path) -> Counts:
    connection.execute(parts_view(_scratch(job), job.carried))
    [[are_all_different]] = connection.execute(ARE_ALL_DIFFERENT).fetchall()
    if not are_all_different:
        connection.execute(REPEATED)
    return write_sorted(connection, repositories(job.carried, is_any_repeated=not are_all_different), path)


def _scratch(job: BucketJob) -> str:
    """Return SQL for the bucket's parts; a bucket that nothing fell into has no rows."""
    folder = Path(job.scratch or "")
    if folder.is_dir():
        return scan_folder(folder)
    columns = ", ".join(f"NULL::{kind} AS {name}" for name, kind in PARTS.items() if name in job.carried)
    return f"(SELECT {columns} WHERE false)"

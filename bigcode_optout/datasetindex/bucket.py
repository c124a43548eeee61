"""One bucket: from its pile of parts to its published file, and from that to its file of the look-up store."""

from dataclasses import dataclass, replace
from pathlib import Path

from .engine import FAILURES, connect_for_building
from .errors import IndexBuildError
from .gather import REPEATED, as_they_stand, gathered, in_order, parts_view
from .inputs import first_line
from .lookup_store.packing import pack
from .manifest import IndexFile, describe
from .piles import Pile
from .write import Counts, write_sorted

ORDERED_SHARE = 1 / 2
"""Of a bucket's memory, for its parts and the same in order, outside the engine."""


@dataclass(frozen=True, slots=True)
class BucketJob:
    """What one bucket is made of. `pile` is None when the published file is already there and only the look-up store
    is wanted, `store` is None for no look-up store.
    """

    number: int
    pile: Pile | None
    carried: tuple[str, ...]
    published: str
    store: str | None
    memory_bytes: int
    spill: str


@dataclass(frozen=True, slots=True)
class StoreJob:
    """A published file and what its part of the look-up store is to be called: what goes to a worker as JSON."""

    published: str
    store: str
    memory_bytes: int
    spill: str


@dataclass(frozen=True, slots=True)
class BucketDone:
    """The files that were written, and what they hold."""

    number: int
    published: IndexFile
    store: IndexFile | None
    counts: Counts


def make_bucket(job: BucketJob) -> BucketDone:
    """Do `job`; raises IndexBuildError."""
    done, wanted = publish(job), store_job(job)
    return replace(done, store=make_store(wanted)) if wanted else done


def store_job(job: BucketJob) -> StoreJob | None:
    """Return what is left of `job` when its file is published."""
    return StoreJob(job.published, job.store, job.memory_bytes, job.spill) if job.store else None


def publish(job: BucketJob) -> BucketDone:
    """Write and check the published file of `job`, if it is not there; raises IndexBuildError."""
    path = Path(job.published)
    counts = _write(job, job.pile, path) if job.pile else Counts()
    try:
        return BucketDone(job.number, describe(path, f"{path.parent.name}/{path.name}"), None, counts)
    except OSError as error:
        raise _not_written(error) from error


def make_store(job: StoreJob) -> IndexFile:
    """Pack the part of the look-up store that belongs to a published file; raises IndexBuildError."""
    store = Path(job.store)
    with connect_for_building(
        memory_limit=f"{job.memory_bytes}B", threads=1, spill=Path(job.spill)
    ) as connection:
        try:
            connection.execute("SET preserve_insertion_order = true")
            return describe(pack(connection, Path(job.published), store), store.name)
        except FAILURES as error:
            raise _not_written(error) from error


def _write(job: BucketJob, pile: Pile, path: Path) -> Counts:
    held = 2 * pile.bytes
    is_ordered_here = held <= job.memory_bytes * ORDERED_SHARE
    limit = f"{job.memory_bytes - held * is_ordered_here}B"
    with connect_for_building(memory_limit=limit, threads=1, spill=Path(job.spill)) as connection:
        try:
            # Rows are written and read back in the order in which they stand.
            connection.execute("SET preserve_insertion_order = true")
            ordered = in_order(connection, pile.table()) if is_ordered_here else None
            if ordered is not None:
                connection.register("ordered", ordered)
                connection.execute(parts_view("ordered", job.carried))
                return write_sorted(connection, as_they_stand(job.carried), path)
            connection.execute(parts_view(pile.show(connection, "held"), job.carried))
            connection.execute(REPEATED)
            return write_sorted(connection, gathered(job.carried), path)
        except FAILURES as error:
            raise _not_written(error) from error


def _not_written(error: BaseException) -> IndexBuildError:
    return IndexBuildError(f"The index could not be written: {first_line(error)}.")

"""From input files to the owner buckets of an index and its look-up store, through piles of parts."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from .bucket import BucketDone, BucketJob
from .buckets import MALFORMED, bucket_count
from .engine import connect_for_building, limit_bytes
from .errors import IndexBuildError
from .inputs import InputFile, first_line
from .lookup_store.folder import bucket_file
from .manifest import REPOSITORIES_FOLDER, IndexFile, RefusedNames, bucket_name
from .partition import partition, parts_columns
from .piles import Pile
from .progress import BuildProgress, OnProgress
from .readers import Reader
from .refused import kind_sql
from .workers import make_buckets
from .write import Counts

_SCRATCH = "scratch"
_SPILL = "spill"


def _faults(source: str) -> str:
    return f"""
    SELECT kind, count(*), sum(files)::BIGINT FROM (
        SELECT {kind_sql("repo_name")} AS kind, repo_name, sum(files) AS files FROM {source} GROUP BY repo_name)
    GROUP BY kind ORDER BY kind"""  # noqa: S608 - all SQL here is ours; names come in as rows


@dataclass(frozen=True, slots=True)
class Assembled:
    """What a build wrote: malformed names by kind, counts, the published files and those of the look-up store."""

    refused: dict[str, RefusedNames]
    counts: Counts
    published: tuple[IndexFile, ...]
    store: tuple[IndexFile, ...]


def assemble(
    folder: Path,
    files: Sequence[InputFile],
    reader: Reader,
    present: Sequence[frozenset[str]],
    *,
    store: Path | None,
    memory_limit: str,
    threads: int,
    on_progress: OnProgress,
) -> Assembled:
    """Read all files, write the buckets into `folder` and, where it is given, the look-up store into `store`.

    `present` says what each file carries. More than `memory_limit` goes to disk, into `folder`, and is removed at
    the end. Raises IndexBuildError.
    """
    columns = parts_columns(present)
    buckets = bucket_count(sum(file.rows for file in files))
    scratch, spill = folder / _SCRATCH, folder / _SPILL
    scratch.mkdir()
    (folder / REPOSITORIES_FOLDER).mkdir()
    with connect_for_building(memory_limit=memory_limit, threads=threads, spill=spill) as connection:
        memory_bytes = limit_bytes(memory_limit, connection)
        piles = partition(
            connection,
            reader,
            files,
            columns=columns,
            buckets=buckets,
            memory_bytes=memory_bytes,
            folder=scratch,
            on_progress=on_progress,
        )
        refused = _refused(connection, piles[MALFORMED])
    # The connection is closed before, so that its memory is free for those of the buckets.
    at_once = min(threads, buckets)
    jobs = [
        BucketJob(
            number=number,
            pile=piles[number],
            carried=tuple(columns),
            published=str(folder / bucket_name(number)),
            store=str(bucket_file(store, number)) if store else None,
            memory_bytes=max(memory_bytes - piles.held_bytes, 0) // at_once,
            spill=str(spill / str(number)),
        )
        for number in range(buckets)
    ]
    done = _make_all(jobs, at_once, on_progress)
    shutil.rmtree(scratch)
    shutil.rmtree(spill, ignore_errors=True)
    return Assembled(
        refused=refused,
        counts=sum((each.counts for each in done), Counts()),
        published=tuple(each.published for each in done),
        store=tuple(each.store for each in done if each.store),
    )


def _make_all(jobs: Sequence[BucketJob], at_once: int, on_progress: OnProgress) -> list[BucketDone]:
    """Make every bucket, remove its scratch files, and return what was made in the order of the buckets."""
    is_alone = len(jobs) == 1
    on_progress(
        BuildProgress("sorting", 0, 0) if is_alone else BuildProgress("sorting", 0, len(jobs), "buckets")
    )
    done: list[BucketDone] = []
    for each in make_buckets(jobs, at_once=at_once):
        pile = jobs[each.number].pile
        assert pile is not None
        pile.remove()
        done.append(each)
        if not is_alone:
            on_progress(BuildProgress("sorting", len(done), len(jobs), "buckets"))
    return sorted(done, key=lambda each: each.number)


def _refused(connection: duckdb.DuckDBPyConnection, malformed: Pile) -> dict[str, RefusedNames]:
    try:
        rows = connection.execute(_faults(malformed.show(connection, "malformed"))).fetchall()
    except duckdb.Error as error:
        raise IndexBuildError(f"The index could not be written: {first_line(error)}.") from error
    malformed.remove()
    return {kind: RefusedNames(names, files) for kind, names, files in rows}

"""From input files to the owner buckets of an index and its look-up store, through scratch files in the folder."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from .bucket import BucketDone, BucketJob, make_bucket_on
from .buckets import MALFORMED, bucket_count
from .engine import connect_for_building, limit_bytes, scan_folder
from .errors import IndexBuildError
from .inputs import InputFile, first_line
from .lookup_store.folder import bucket_file
from .manifest import REPOSITORIES_FOLDER, IndexFile, RefusedNames, bucket_name
from .partition import partition, scratch_columns
from .progress import BuildProgress, OnProgress
from .readers import Reader
from .refused import kind_sql
from .workers import make_buckets
from .write import Counts

_SCRATCH = "scratch"
_SPILL = "spill"
_MIB = 1 << 20


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
    columns = scratch_columns(present)
    buckets = bucket_count(sum(file.rows for file in files))
    scratch, spill = folder / _SCRATCH, folder / _SPILL
    scratch.mkdir()
    (folder / REPOSITORIES_FOLDER).mkdir()
    with connect_for_building(memory_limit=memory_limit, threads=threads, spill=spill) as connection:
        memory_bytes = limit_bytes(memory_limit, connection)
        partition(
            connection,
            reader,
            files,
            columns=columns,
            buckets=buckets,
            memory_bytes=memory_bytes,
            folder=scratch,
            on_progress=on_progress,
        )
        refused = _refused(connection, scratch)
        processes = min(threads, buckets)
        jobs = [
            BucketJob(
                number=number,
                scratch=str(scratch / f"bucket={number}"),
                carried=tuple(columns),
                published=str(folder / bucket_name(number)),
                store=str(bucket_file(store, number)) if store else None,
                memory_limit=f"{max(memory_bytes // processes // _MIB, 1)}MiB",
                spill=str(spill / str(number)),
            )
            for number in range(buckets)
        ]
        if buckets == 1:
            on_progress(BuildProgress("sorting", 0, 0))
            done = [make_bucket_on(connection, jobs[0])]
    if buckets > 1:
        # The connection is closed before, so that its memory is free for those of the buckets.
        done = _make_all(jobs, processes, scratch, on_progress)
    shutil.rmtree(scratch)
    shutil.rmtree(spill, ignore_errors=True)
    return Assembled(
        refused=refused,
        counts=sum((each.counts for each in done), Counts()),
        published=tuple(each.published for each in done),
        store=tuple(each.store for each in done if each.store),
    )


def _make_all(
    jobs: Sequence[BucketJob], processes: int, scratch: Path, on_progress: OnProgress
) -> list[BucketDone]:
    """Make every bucket, remove its scratch files, and return what was made in the order of the buckets."""
    on_progress(BuildProgress("sorting", 0, len(jobs), "buckets"))
    done: list[BucketDone] = []
    for each in make_buckets(jobs, processes=processes):
        shutil.rmtree(scratch / f"bucket={each.number}", ignore_errors=True)
        done.append(each)
        on_progress(BuildProgress("sorting", len(done), len(jobs), "buckets"))
    return sorted(done, key=lambda each: each.number)


def _refused(connection: duckdb.DuckDBPyConnection, scratch: Path) -> dict[str, RefusedNames]:
    malformed = scratch / f"bucket={MALFORMED}"
    if not malformed.is_dir():
        return {}
    try:
        rows = connection.execute(_faults(scan_folder(malformed))).fetchall()
    except duckdb.Error as error:
        raise IndexBuildError(f"The index could not be written: {first_line(error)}.") from error
    shutil.rmtree(malformed)
    return {kind: RefusedNames(names, files) for kind, names, files in rows}

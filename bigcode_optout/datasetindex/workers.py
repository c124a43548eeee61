"""Make buckets side by side: published files in threads, where the engine and pyarrow do the work and the parts are at
hand; files of the look-up store in processes, for Python's threads could not pack at once.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from queue import SimpleQueue

from .bucket import BucketDone, BucketJob, StoreJob, make_bucket, publish, store_job
from .errors import IndexBuildError
from .manifest import IndexFile

# With -P nothing that lies about in the working directory is taken for one of our modules.
_WORKER = [sys.executable, "-P", "-m", "bigcode_optout.datasetindex.worker"]
_ROOT = Path(__file__).parents[2]
"""Where the package stands. A worker finds it there, whatever the working directory of the build."""

_SECONDS_TO_END = 10


def make_buckets(jobs: Sequence[BucketJob], *, at_once: int) -> Iterator[BucketDone]:
    """Do all jobs, `at_once` at a time, and yield what comes of each as it is done, in no set order.

    Raises IndexBuildError, also when a process is killed; none is left running.
    """
    if at_once == 1:
        yield from map(make_bucket, jobs)
        return
    stores = sum(job.store is not None for job in jobs)
    with _running(min(at_once, stores)) as workers, ThreadPoolExecutor(at_once) as threads:
        idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        for worker in workers:
            idle.put(worker)
        waiting = [threads.submit(_make, idle, job) for job in jobs]
        try:
            for future in as_completed(waiting):
                yield future.result()
        finally:
            for future in waiting:
                future.cancel()
            # Whoever waits for an answer gets an end of file instead.
            _kill(workers)


@contextmanager
def _running(count: int) -> Iterator[list[subprocess.Popen[str]]]:
    workers: list[subprocess.Popen[str]] = []
    try:
        for _ in range(count):
            workers.append(
                subprocess.Popen(  # noqa: S603 - our own module
                    _WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_environment()
                )
            )
        yield workers
    finally:
        _kill(workers)
        for worker in workers:
            worker.wait(_SECONDS_TO_END)
            for pipe in (worker.stdin, worker.stdout):
                assert pipe is not None
                # What was not yet taken by one that was killed is of no use to anybody.
                with suppress(OSError):
                    pipe.close()


def _environment() -> dict[str, str]:
    paths = (str(_ROOT), os.environ.get("PYTHONPATH", ""))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def _kill(workers: Sequence[subprocess.Popen[str]]) -> None:
    for worker in workers:
        worker.kill()


def _make(idle: "SimpleQueue[subprocess.Popen[str]]", job: BucketJob) -> BucketDone:
    done, wanted = publish(job), store_job(job)
    return replace(done, store=_do_with_any(idle, wanted)) if wanted else done


def _do_with_any(idle: "SimpleQueue[subprocess.Popen[str]]", job: StoreJob) -> IndexFile:
    worker = idle.get()
    try:
        return _do(worker, job)
    finally:
        idle.put(worker)


def _do(worker: subprocess.Popen[str], job: StoreJob) -> IndexFile:
    assert worker.stdin is not None
    assert worker.stdout is not None
    try:
        worker.stdin.write(json.dumps(asdict(job)) + "\n")
        worker.stdin.flush()
        answer = worker.stdout.readline()
    except (OSError, ValueError):
        answer = ""
    if not answer:
        raise IndexBuildError(
            "A worker process of the build ended before its work was done: it was killed, or memory ran out. "
            "Nothing was put in place."
        )
    fields = json.loads(answer)
    if "error" in fields:
        raise IndexBuildError(fields["error"])
    return IndexFile(**fields)

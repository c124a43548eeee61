"""Let Spark spread shards over a cluster: it carries their names and the list, never their rows.

Spark's own Parquet reader refuses `timestamp[ns]` and loses file names and row groups, so there are no DataFrames:
each task runs the function that runs on one machine. Input and output must be on file systems that every worker
sees under the same paths.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ExclusionListError
from ..shards import Shard
from ..shards.errors import reason
from .engine import Engine
from .options import Run
from .result import ShardResult
from .state import State
from .threads import one_shard

if TYPE_CHECKING:
    from pyspark import Broadcast, SparkContext

_GROUP = "bigcode-exclusions"
_SECONDS_BETWEEN_LOOKS = 0.5
_NO_SPARK = "The engine spark needs PySpark, which is not installed here: pip install pyspark."
_NO_JAVA = "Spark could not be started: {}. It needs Java 17 or later: look whether java runs, and JAVA_HOME."


class SparkFailed(ExclusionListError):  # noqa: N818 - it says what happened, as the room's other errors do
    """Spark is not there, did not start, or gave the run up; what is finished stays."""


def on_spark(run: Run, shards: Sequence[Shard], state: State) -> Iterator[tuple[Shard, ShardResult]]:
    """Yield results as they come. Shards that cannot be done stop no other; the first of them is raised last.

    Raises SparkFailed, and what `apply_to_shard` raises.
    """
    placed = [Shard(shard.name, shard.path.absolute()) for shard in shards]
    if not placed:
        return
    with _context() as spark, ThreadPoolExecutor(1) as pool:
        job = pool.submit(_run, spark, run, placed, state)
        try:
            done: set[str] = set()
            for shard, result in _as_they_come(job, placed, state):
                done.add(shard.name)
                yield shard, result
            outcomes = _outcomes(job)
        finally:
            if not job.done():
                spark.cancelJobGroup(_GROUP)
    errors = []
    for shard, outcome in zip(placed, outcomes, strict=True):
        if isinstance(outcome, ExclusionListError):
            errors.append(outcome)
        elif shard.name not in done:
            yield shard, outcome
    if errors:
        raise errors[0]


def _as_they_come(
    job: "Future[list[ShardResult | ExclusionListError]]", shards: Sequence[Shard], state: State
) -> Iterator[tuple[Shard, ShardResult]]:
    """Yield what workers noted in the state, until the job is over."""
    waiting = list(shards)
    while not job.done():
        wait([job], timeout=_SECONDS_BETWEEN_LOOKS)
        found = {shard.name: state.finished(shard) for shard in waiting}
        for shard in waiting:
            if (result := found[shard.name]) is not None:
                yield shard, result
        waiting = [shard for shard in waiting if found[shard.name] is None]


def _outcomes(
    job: "Future[list[ShardResult | ExclusionListError]]",
) -> list[ShardResult | ExclusionListError]:
    try:
        return job.result()
    # Py4J, PySpark and a worker's lost connection have no common error of their own.
    except Exception as error:
        raise SparkFailed(
            f"Spark gave the run up: {reason(error)}. Shards that are finished stay; the same command goes on"
            " from there."
        ) from error


def _run(
    spark: "SparkContext", run: Run, shards: Sequence[Shard], state: State
) -> list[ShardResult | ExclusionListError]:
    spark.setJobGroup(_GROUP, f"exclusion list {run.release}: {len(shards)} shards", interruptOnCancel=True)
    told = spark.broadcast(run)
    try:
        # One shard, one task: a shard is minutes of work, and the slow ones must not wait behind each other.
        tasks: Any = spark.parallelize(shards, numSlices=len(shards))
        return list(tasks.map(partial(_task, told, state)).collect())
    finally:
        told.unpersist()


def _task(told: "Broadcast[Run]", state: State, shard: Shard) -> ShardResult | ExclusionListError:
    """What a worker does; a refusal is an answer, since doing it again would refuse again."""
    run = told.value
    try:
        return one_shard(_engine(run), run, shard, state)
    except ExclusionListError as refusal:
        return type(refusal)(str(refusal))


_ENGINES: dict[str, Engine] = {}


def _engine(run: Run) -> Engine:
    """Return the engine of this worker process, which is kept from shard to shard."""
    key = repr(run.key())
    if key not in _ENGINES:
        _ENGINES.clear()
        spill = Path(tempfile.gettempdir()) / f"bigcode-exclusions-{os.getpid()}"
        engine = Engine(run.rules, run.options, spill=spill)
        # So that a limit that makes no sense is said even where nothing is covered.
        engine.cursor().close()
        _ENGINES[key] = engine
    return _ENGINES[key]


@contextmanager
def _context() -> Iterator["SparkContext"]:
    """Yield the session's context: that of `spark-submit` or a notebook, else one on this machine.

    One that was made here is stopped at the end. Raises SparkFailed.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as missing:
        raise SparkFailed(_NO_SPARK) from missing
    # Workers must run the Python that has this tool; on a cluster its settings say which.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    had_one = SparkSession.getActiveSession() is not None
    try:
        session = SparkSession.builder.appName("bigcode-exclusions").getOrCreate()
    except (PySparkException, OSError) as error:
        raise SparkFailed(_NO_JAVA.format(reason(error))) from error
    stop: Callable[[], None] = (lambda: None) if had_one else session.stop
    try:
        yield session.sparkContext
    finally:
        stop()

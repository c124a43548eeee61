"""Work on shards in threads of this process, some at a time."""

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice

from ..shards import Shard
from .engine import Engine
from .one_shard import apply_to_shard
from .options import Run
from .result import ShardResult
from .state import State

Done = tuple[Shard, ShardResult]


def on_this_machine(run: Run, shards: Sequence[Shard], state: State) -> Iterator[Done]:
    """Yield results as they come, with at most `jobs` shards in work, and start nothing new after an error."""
    rest = iter(shards)
    jobs = run.options.jobs
    with Engine(run.rules, run.options, spill=state.spill) as engine, ThreadPoolExecutor(jobs) as pool:

        def work(shard: Shard) -> Done:
            return shard, one_shard(engine, run, shard, state)

        running: set[Future[Done]] = {pool.submit(work, shard) for shard in islice(rest, jobs)}
        # Meanwhile, so that a limit that makes no sense is said even where nothing is covered.
        engine.cursor().close()
        while running:
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                yield future.result()
            running |= {pool.submit(work, shard) for shard in islice(rest, len(finished))}


def one_shard(engine: Engine, run: Run, shard: Shard, state: State) -> ShardResult:
    """Do one shard and note it; the same wherever it is done. Raises as `apply_to_shard` does."""
    result = apply_to_shard(
        engine, shard, state.output, schema=run.options.schema, shared_content=run.shared_content
    )
    state.finish(shard, result)
    return result

"""Apply a list to all shards of a dataset version."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from ..errors import OutputRefused
from ..reader import ExclusionList
from ..shards import InputRefused, Shard, find_shards
from .engine import Engine
from .one_shard import apply_to_shard
from .options import Options, Run, refuse_dates_without_a_day
from .report import report_of
from .result import ShardResult
from .state import State

OnShard = Callable[[Shard, ShardResult, int, int], None]
"""Told of each shard that is done: which, its figures, how many are done, of how many."""

OnReport = Callable[[dict[str, Any]], None]
"""Given the report while the run can still be gone on with: what it raises loses no work."""


def apply(
    exclusions: ExclusionList,
    inputs: Sequence[Path],
    *,
    output: Path,
    options: Options,
    on_shard: OnShard = lambda shard, result, done, total: None,
    on_report: OnReport = lambda report: None,
) -> dict[str, Any]:
    """Write every shard of `inputs` into the folder `output`, without what the list covers; return the report.

    `options.jobs` shards are worked on at a time. When one fails, those that run are finished, the error is
    raised, and what is done stays: the same call goes on from there, as it does after the process was killed.
    Raises InputRefused, OutputRefused, ShardRefused, ShardBroken, WriteFailed.
    """
    run = _run(exclusions, options)
    shards = find_shards(inputs)
    _refuse_overlap(shards, output)
    state = State(output, run)
    done: dict[str, ShardResult] = {}

    def tell(shard: Shard, result: ShardResult) -> None:
        done[shard.name] = result
        on_shard(shard, result, len(done), len(shards))

    waiting = []
    for shard in shards:
        result = state.finished(shard)
        if result is None:
            waiting.append(shard)
        else:
            tell(shard, result)
    with Engine(run.rules, options, spill=state.spill) as engine:

        def work(shard: Shard) -> tuple[Shard, ShardResult]:
            result = apply_to_shard(
                engine, shard, output, schema=options.schema, shared_content=run.shared_content
            )
            state.finish(shard, result)
            return shard, result

        for shard, result in _some_at_a_time(work, waiting, options.jobs):
            tell(shard, result)
    report = report_of(run, {shard.name: done[shard.name] for shard in shards}, on=date.today())
    on_report(report)
    state.close()
    return report


def _run(exclusions: ExclusionList, options: Options) -> Run:
    refuse_dates_without_a_day(exclusions.rules, options)
    manifest = exclusions.manifest
    choice = manifest.choices.get("shared_content")
    if choice not in ("drop", "keep"):
        raise InputRefused(
            f"The list's manifest says {choice!r} for shared_content; it must be drop or keep."
        )
    return Run(
        options,
        tuple(exclusions.rules),
        manifest.canonical_sha256,
        manifest.release,
        "keep" if choice == "keep" else "drop",
    )


def _refuse_overlap(shards: Iterable[Shard], output: Path) -> None:
    """A shard that is written over itself, or into the folder that is read, would be filtered twice."""
    target = output.resolve()
    for shard in shards:
        path = shard.path.resolve()
        if target in path.parents or (target / shard.name) == path:
            raise OutputRefused(f"The shard {shard.path} stands in the output folder {output}.")


def _some_at_a_time(
    work: Callable[[Shard], tuple[Shard, ShardResult]], shards: Sequence[Shard], jobs: int
) -> Iterator[tuple[Shard, ShardResult]]:
    """Yield results as they come, with at most `jobs` running, and start nothing new after an error."""
    rest = iter(shards)
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        running: set[Future[tuple[Shard, ShardResult]]] = {
            pool.submit(work, shard) for shard in islice(rest, jobs)
        }
        while running:
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                yield future.result()
            running |= {pool.submit(work, shard) for shard in islice(rest, len(finished))}

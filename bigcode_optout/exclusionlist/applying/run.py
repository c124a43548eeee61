"""Apply a list to all shards of a dataset version."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ..errors import OutputRefused
from ..reader import ExclusionList
from ..shards import InputRefused, Shard, find_shards
from .one_shard import clear_partial
from .options import Options, Run, refuse_dates_without_a_day
from .report import report_of
from .result import ShardResult
from .state import State
from .threads import on_this_machine

OnShard = Callable[[Shard, ShardResult, int, int], None]
"""Told of each shard that is done: which, its figures, how many are done, of how many."""

Spread = Callable[[Run, Sequence[Shard], State], Iterator[tuple[Shard, ShardResult]]]
"""Does the work on the shards, wherever, and yields figures as they come. Each finished shard stands in the state;
what it raises ends the run, after what was begun was finished.
"""

OnReport = Callable[[dict[str, Any]], None]
"""Given the report while the run can still be gone on with: what it raises loses no work."""


def apply(
    exclusions: ExclusionList,
    inputs: Sequence[Path],
    *,
    output: Path,
    options: Options,
    spread: Spread = on_this_machine,
    on_shard: OnShard = lambda shard, result, done, total: None,
    on_report: OnReport = lambda report: None,
) -> dict[str, Any]:
    """Write every shard of `inputs` into the folder `output`, without what the list covers; return the report.

    `spread` says who does it; here, `options.jobs` shards are worked on at a time. When one fails, those that
    run are finished, the error is raised, and what is done stays: the same call goes on from there, as it does
    after the process was killed. Raises InputRefused, OutputRefused, ShardRefused, ShardBroken, WriteFailed.
    """
    run = _run(exclusions, options)
    shards = find_shards(inputs)
    _refuse_overlap(shards, output)
    state = State(output, run)
    done: dict[str, ShardResult] = {}

    def tell(shard: Shard, result: ShardResult) -> None:
        done[shard.name] = result
        on_shard(shard, result, len(done), len(shards))

    with state.held():
        waiting = []
        for shard in shards:
            result = state.finished(shard)
            if result is None:
                waiting.append(shard)
            else:
                tell(shard, result)
        for shard in waiting:
            clear_partial(output / shard.name)
        for shard, result in spread(run, waiting, state):
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
        exclusions.signed_by,
    )


def _refuse_overlap(shards: Iterable[Shard], output: Path) -> None:
    """A shard that is written over itself, or into the folder that is read, would be filtered twice."""
    target = output.resolve()
    for shard in shards:
        path = shard.path.resolve()
        if target in path.parents or (target / shard.name) == path:
            raise OutputRefused(f"The shard {shard.path} stands in the output folder {output}.")

"""Show how a build goes: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from .assemble import BuildProgress, OnProgress

_SECONDS_BETWEEN_LINES = 5.0


@contextmanager
def shown_progress() -> Iterator[OnProgress]:
    """Yield a function for `build(on_progress=…)`; everything goes to stderr."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain_lines()
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
    )
    with bar:
        task = bar.add_task("starting", total=None)

        def show(progress: BuildProgress) -> None:
            if progress.total:
                bar.update(task, description=progress.step, completed=progress.done, total=progress.total)
            else:
                bar.update(task, description=progress.step)

        yield show


def _plain_lines() -> OnProgress:
    last = 0.0

    def show(progress: BuildProgress) -> None:
        nonlocal last
        is_step = not progress.total or progress.done == progress.total
        if not is_step and time.monotonic() - last < _SECONDS_BETWEEN_LINES:
            return
        last = time.monotonic()
        share = f" ({progress.done * 100 // progress.total} %)" if progress.total else ""
        sys.stderr.write(f"{progress.step}{share}\n")

    return show

"""Show how a build goes: a bar with rate and time left on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from .progress import BuildProgress, OnProgress

_SECONDS_BETWEEN_LINES = 5.0


class _Amount(ProgressColumn):
    """Done and total with their unit, and how much a second."""

    def render(self, task: Task) -> Text:
        if not task.total:
            return Text("")
        done, total, rate = (
            decimal(int(number))
            if task.fields.get("unit") == "bytes"
            else f"{number:,.1f}".removesuffix(".0")
            for number in (task.completed, task.total, task.speed or 0)
        )
        unit = "" if task.fields.get("unit") == "bytes" else f" {task.fields.get('unit', '')}"
        return Text(f"{done} of {total}{unit}, {rate}/s")


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
        _Amount(),
        TextColumn("time left"),
        TimeRemainingColumn(),
        console=console,
    )
    with bar:
        tasks = {"bytes": bar.add_task("starting", total=None, unit="bytes")}

        def show(progress: BuildProgress) -> None:
            if progress.unit not in tasks:
                # A bar of its own: the rate of one is not that of the other.
                tasks[progress.unit] = bar.add_task(progress.step, total=None, unit=progress.unit)
            task = tasks[progress.unit]
            if progress.total:
                bar.update(task, description=progress.step, completed=progress.done, total=progress.total)
            else:
                bar.update(task, description=progress.step)

        yield show


def _plain_lines() -> OnProgress:
    last = 0.0

    def show(progress: BuildProgress) -> None:
        nonlocal last
        is_step = progress.done in (0, progress.total)
        if not is_step and time.monotonic() - last < _SECONDS_BETWEEN_LINES:
            return
        last = time.monotonic()
        share = f" ({progress.done * 100 // progress.total} %)" if progress.total else ""
        sys.stderr.write(f"{progress.step}{share}\n")

    return show

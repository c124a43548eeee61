"""Seconds, and memory of a process with its children."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TypeVar

import psutil

_SECONDS_BETWEEN_LOOKS = 0.1
_Answer = TypeVar("_Answer")


def seconds(run: Callable[[], object], *, rounds: int = 1) -> float:
    """The median of the wall time of `rounds` runs."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        taken.append(time.perf_counter() - started)
    return median(taken)


def timed(run: Callable[[], _Answer]) -> tuple[float, _Answer]:
    """One run: its wall time and its answer."""
    started = time.perf_counter()
    answer = run()
    return time.perf_counter() - started, answer


def size_of(*paths: Path) -> int:
    """Bytes of files and of all files in folders."""
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*"))]
    return sum(file.stat().st_size for file in files if file.is_file())


@contextmanager
def peak_memory() -> Iterator[list[int]]:
    """Yield a list that has, at the end, one number: the most bytes that this process and its children had together,
    beyond what it had at the beginning. Pages that they share are counted for each, so it is rather too much.
    """
    peak, is_over = [0], threading.Event()
    before = _resident()

    def look() -> None:
        while not is_over.wait(_SECONDS_BETWEEN_LOOKS):
            peak[0] = max(peak[0], _resident() - before)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        is_over.set()
        thread.join()


def _resident() -> int:
    process = psutil.Process()
    total = 0
    for each in (process, *process.children(recursive=True)):
        try:
            total += each.memory_info().rss
        except psutil.Error:
            continue
    return total

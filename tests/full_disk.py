"""A disk that takes no more: here no file may grow beyond a size, so that a write fails as on a full disk."""

import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def full_disk(limit: int) -> Iterator[None]:
    """Let this process write no file beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def run_on_full_disk(arguments: Sequence[object], limit: int) -> subprocess.CompletedProcess[str]:
    """Run the list tool on one."""
    command = [sys.executable, "-m", "bigcode_optout.exclusionlist", *map(str, arguments)]
    preexec = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))  # noqa: E731
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, preexec_fn=preexec)

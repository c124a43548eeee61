"""One run at a time in an output folder."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import OutputRefused, WriteFailed

if sys.platform != "win32":
    import fcntl


@contextmanager
def alone(lock: Path, *, output: Path) -> Iterator[None]:
    """Hold the lock, which ends with the process whatever becomes of it. Raises OutputRefused while another run has it.

    Where the system has no such locks, nobody is kept away.
    """
    try:
        file = lock.open("w")
    except OSError as error:
        raise WriteFailed(f"{output} could not be written: {error.strerror}.") from error
    with file:
        if sys.platform != "win32":
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise OutputRefused(f"Another run is at work in {output}.") from error
        yield

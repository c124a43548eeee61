"""A folder that appears whole or not at all."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import OutputRefused


@contextmanager
def new_folder(output: Path) -> Iterator[Path]:
    """Yield a hidden folder beside `output`; without an error it is renamed to `output`, else removed.

    Whoever looks sees no half-written list. Raises OutputRefused if something stands at `output`, before
    or after: an empty folder does not count.
    """
    output = output.absolute()
    if output.is_symlink() or output.is_file() or (output.is_dir() and any(output.iterdir())):
        raise OutputRefused(
            f"{output} is not an empty folder; an export is written once and never over another."
        )
    partial = output.with_name(f".{output.name}.{secrets.token_hex(4)}.partial")
    try:
        partial.mkdir(parents=True)
        yield partial
        try:
            # Renaming over an empty folder is allowed, over one that was filled meanwhile it fails.
            partial.rename(output)
        except OSError as taken:
            raise OutputRefused(f"{output} could not be put in its place: {taken.strerror}.") from taken
    finally:
        shutil.rmtree(partial, ignore_errors=True)

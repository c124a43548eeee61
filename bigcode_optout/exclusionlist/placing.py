"""A folder that appears whole or not at all."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import OutputRefused, WriteFailed


@contextmanager
def new_folder(output: Path) -> Iterator[Path]:
    """Yield a hidden folder beside `output`; without an error it is renamed to `output`, else removed.

    Whoever looks sees no half-written list. Raises OutputRefused if something stands at `output`, before
    or after: an empty folder does not count; WriteFailed when the machine cannot write, as with a full disk.
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
    except OSError as error:
        raise WriteFailed(f"{output} could not be written: {_reason(error)}.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _reason(error: OSError) -> str:
    """What the machine said; of many files that could not be copied, what it said of the first, without its paths."""
    if isinstance(error, shutil.Error):
        said = str(error.args[0][0][2])
        return said.partition("] ")[2].partition(": '")[0] or said
    return str(error.strerror or error)

"""Where secrets come from: a file, else an environment variable; and writing one so that only its owner reads it."""

import os
from collections.abc import Mapping
from pathlib import Path

from .errors import KeyRefused, OutputRefused, WriteFailed


def secret_text(
    path: Path | None, *, variable: str, environment: Mapping[str, str] = os.environ
) -> str | None:
    """Return the secret of the file, else that of the environment variable, else None.

    Raises KeyRefused, with the path alone, for a file that cannot be read.
    """
    if path is None:
        return environment.get(variable) or None
    try:
        return path.read_text(encoding="ascii")
    except OSError as wrong:
        raise KeyRefused(f"{path} cannot be read: {wrong.strerror}.") from wrong
    except UnicodeDecodeError:
        # The original error carries the bytes, which are secret.
        raise KeyRefused(f"{path} is not a text file in ASCII.") from None


def write_secret(path: Path, content: bytes) -> None:
    """Write a new file that its owner alone may read (mode 0600). Raises OutputRefused if one stands there,
    WriteFailed when the machine cannot write."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as taken:
        raise OutputRefused(f"{path} cannot be written: {taken.strerror}.") from taken
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise WriteFailed(f"{path} could not be written: {error.strerror}.") from error

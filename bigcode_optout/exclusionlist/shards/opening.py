"""Open a shard, or say why it cannot be opened; and tell whether a shard is still the same one."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from .errors import ShardBroken, reason

_TAIL = 8
"""A Parquet file ends in the length of its footer (four bytes, little end first) and `PAR1`."""


def open_shard(path: Path, *, texts_once: Sequence[str] = ()) -> pq.ParquetFile:
    """Return the open file; the columns `texts_once` are read as dictionaries of their distinct texts.

    Raises ShardBroken for a file that is cut off or no Parquet.
    """
    try:
        return pq.ParquetFile(path, read_dictionary=list(texts_once))
    except (pa.ArrowException, OSError) as error:
        raise ShardBroken(f"{path} cannot be read as Parquet: {reason(error)}.") from error


def identity_of(path: Path) -> dict[str, Any]:
    """Return what tells a shard from another of its name: size, and the SHA-256 of its footer.

    The footer has row counts, positions and statistics of every column, so a shard with other content has
    another one; the whole file is not read. The time of the file is left out: copying changes it. Raises
    ShardBroken.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL))
            tail = file.read(_TAIL)
            footer = min(int.from_bytes(tail[:4], "little") + _TAIL, size)
            file.seek(size - footer)
            digest = hashlib.sha256(file.read(footer)).hexdigest()
    except OSError as error:
        raise ShardBroken(f"{path} cannot be read: {reason(error)}.") from error
    return {"bytes": size, "footer_sha256": digest}

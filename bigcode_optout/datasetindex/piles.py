"""The parts of each owner bucket while a build deals them out: in memory, and on disk where that is not enough."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .buckets import MALFORMED
from .engine import scan_folder
from .readers import PARTS


def _pool() -> pa.MemoryPool:
    """Return jemalloc where pyarrow has it: the default gives memory back so soon that taking it anew, page by page,
    was 5 % of a build.
    """
    has_it = "jemalloc" in pa.supported_memory_backends()
    return pa.jemalloc_memory_pool() if has_it else pa.default_memory_pool()


POOL = _pool()

_PIECE_BYTES = 4_096
"""Of memory, for what a piece of a batch is beside its values, rather too much."""

BUCKET = "bucket"
"""The column of dealt parts that says where they go."""


@dataclass(slots=True)
class Pile:
    """The parts of one bucket: `held` in memory, the others in Parquet files in `folder`, where there are any.

    `bytes` is what all of them take in memory.
    """

    folder: Path
    schema: pa.Schema
    held: list[pa.RecordBatch] = field(default_factory=list)
    files: int = 0
    bytes: int = 0

    def add(self, parts: pa.RecordBatch) -> None:
        """Hold `parts`."""
        self.held.append(parts)
        self.bytes += parts.nbytes

    def put_down(self) -> None:
        """Move what is held to disk. Raises FAILURES."""
        if self.held:
            self.folder.mkdir(exist_ok=True)
            pq.write_table(self.held_table(), self.folder / f"{self.files}.parquet")
            self.files += 1
            self.held.clear()

    def held_table(self) -> pa.Table:
        """Return what is held."""
        return pa.Table.from_batches(self.held, self.schema)

    def table(self) -> pa.Table:
        """Return all parts, in one piece. Raises FAILURES."""
        written = [_read(self.folder / f"{number}.parquet") for number in range(self.files)]
        return pa.concat_tables([*written, self.held_table()]).combine_chunks(memory_pool=POOL)

    def show(self, connection: duckdb.DuckDBPyConnection, name: str) -> str:
        """Return SQL for all parts, read from where they are; what is held is called `name` in `connection`."""
        connection.register(name, self.held_table())
        if not self.files:
            return name
        return f"(FROM {scan_folder(self.folder)} UNION ALL FROM {name})"

    def remove(self) -> None:
        """Forget the parts and remove the files."""
        self.held.clear()
        shutil.rmtree(self.folder, ignore_errors=True)


def _read(path: Path) -> pa.Table:
    with pq.ParquetFile(path) as file:
        return file.read(use_threads=False)


class Piles:
    """A pile for each bucket and one for rows without a valid name. Together they hold about `most_bytes` at most."""

    def __init__(self, folder: Path, schema: pa.Schema, *, buckets: int, most_bytes: int) -> None:
        self.buckets = buckets
        numbers = range(MALFORMED, buckets)
        self._piles = [Pile(folder / f"{BUCKET}={number}", schema) for number in numbers]
        self._most_bytes = most_bytes
        self.held_bytes = 0

    def __getitem__(self, bucket: int) -> Pile:
        return self._piles[bucket - MALFORMED]

    def deal(self, parts: pa.RecordBatch) -> None:
        """Put each row on the pile that its column BUCKET names. Raises FAILURES."""
        numbers = parts.column(BUCKET).to_numpy() - MALFORMED
        # All columns in the order of the buckets, at once: a filter for each bucket would read them as many times.
        order = pa.array(np.argsort(numbers, kind="stable"))
        dealt = pc.take(parts.drop_columns([BUCKET]), order, memory_pool=POOL)
        counts = np.bincount(numbers, minlength=len(self._piles)).tolist()
        start = 0
        for pile, rows in zip(self._piles, counts, strict=True):
            if rows:
                pile.add(dealt.slice(start, rows))
                start += rows
        self.held_bytes += dealt.nbytes + (len(counts) - counts.count(0)) * _PIECE_BYTES
        if self.held_bytes > self._most_bytes:
            self._put_down()

    def _put_down(self) -> None:
        for pile in self._piles:
            pile.put_down()
        self.held_bytes = 0


def parts_schema(connection: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> pa.Schema:
    """Return the schema in which the engine gives the `columns` of PARTS."""
    nulls = ", ".join(f"NULL::{PARTS[name]} AS {name}" for name in columns)
    return connection.sql(f"SELECT {nulls} LIMIT 0").to_arrow_table().schema

"""What is asked of the published form itself: sweeps, and all answers where there is no look-up store.

Apart from `index`, so that whoever is answered by a look-up store waits for no query engine.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from .asked import Asked
from .connections import Connections
from .lookup_store.form import RowMarks
from .marked import MarkedFiles
from .matches import BY
from .parquet_answers import ParquetAnswers
from .records import FoundRow, Match
from .rows import COLUMNS, to_repository
from .sweep import by_ids, by_names, register

BRIEF = ("repo_name", "repo_id", "files", "bytes")
"""The first fields of a FoundRow."""

_BATCH = 20_000


class Published:
    """The owner buckets of one index, behind read-only connections. Safe in threads and over a fork."""

    def __init__(self, files: Sequence[Path], *, memory_limit: str, threads: int) -> None:
        self.connections = Connections(files, memory_limit=memory_limit, threads=threads)
        self.answers = ParquetAnswers(self.connections, len(files))
        self._marked = MarkedFiles(files, threads=threads)

    def find(self, asked: Asked, marks: Sequence[RowMarks] | None) -> Iterator[Match]:
        """Yield what is asked for; `marks`, those of the rows of each file, spare the reading of most of it."""
        width = len(COLUMNS)
        for row in chain.from_iterable(self._found(asked, marks, COLUMNS)):
            yield Match(to_repository(row), BY[row[width:]])

    def find_rows(self, asked: Asked, marks: Sequence[RowMarks] | None) -> Iterator[FoundRow]:
        """Yield the same as plain rows. Nothing else is read or made."""
        return chain.from_iterable(self._found(asked, marks, BRIEF))

    def _found(
        self, asked: Asked, marks: Sequence[RowMarks] | None, columns: Sequence[str]
    ) -> Iterator[Iterable[tuple[Any, ...]]]:
        """Yield rows, a batch at a time: `columns` and a flag for each reason. One pass by names and one by ids."""
        if asked.names and marks is not None:
            for table in self._marked.find(marks, asked, columns):
                yield from (_rows_of(batch, False) for batch in table.to_batches(_BATCH))
        elif asked.names:
            with self._reading(asked) as cursor:
                yield from map(_rows_of, by_names(cursor, columns).to_arrow_reader(_BATCH))
        if len(asked.ids):
            with self._reading(asked) as cursor:
                yield from map(_rows_of, by_ids(cursor, columns).to_arrow_reader(_BATCH))

    def close(self) -> None:
        """Let go of connections and files; the system takes them back when nobody reads on."""
        self.connections.close()
        self._marked.close()

    @contextmanager
    def _reading(self, asked: Asked) -> Iterator[duckdb.DuckDBPyConnection]:
        with self.connections.reading() as cursor:
            register(cursor, asked)
            yield cursor


def _rows_of(batch: pa.RecordBatch, *more: bool) -> Iterator[tuple[Any, ...]]:
    """Return each row as a tuple, with `more` behind it. Column by column takes half of the time of rows."""
    columns = [column.to_pylist() for column in batch.columns]
    return zip(*columns, *map(repeat, more), strict=False)

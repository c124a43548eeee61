"""What is asked of the published form itself: sweeps, and all answers where there is no look-up store.

Apart from `index`, so that whoever is answered by a look-up store waits for no query engine.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import duckdb

from .asked import Asked
from .candidates import by_owner, by_row_number, marked_rows, register
from .connections import Connections
from .lookup_store.form import RowMarks
from .parquet_answers import ParquetAnswers
from .records import FoundRow, Match
from .rows import COLUMNS
from .sweep import BRIEF, sweep, sweep_rows

_Answer = TypeVar("_Answer")


class FromMarks(Protocol):
    """Gives the marks of all rows to a function and returns what it says; None where there are no marks."""

    def __call__(self, use: Callable[[Iterable[RowMarks]], _Answer]) -> _Answer | None: ...


class Published:
    """The owner buckets of one index, behind read-only connections. Safe in threads and over a fork."""

    def __init__(self, files: Sequence[Path], *, memory_limit: str, threads: int) -> None:
        self.connections = Connections(files, memory_limit=memory_limit, threads=threads)
        self.answers = ParquetAnswers(self.connections, len(files))
        self._threads = threads

    def find(self, asked: Asked, from_marks: FromMarks) -> Iterator[Match]:
        """Yield what is asked for; `from_marks` spares the reading of most owners."""
        with self.connections.reading() as cursor:
            yield from sweep(cursor, asked, self._candidates(cursor, asked, from_marks, COLUMNS))

    def find_rows(self, asked: Asked, from_marks: FromMarks) -> Iterator[FoundRow]:
        """Yield the same as plain rows."""
        with self.connections.reading() as cursor:
            yield from sweep_rows(cursor, asked, self._candidates(cursor, asked, from_marks, BRIEF))

    def _candidates(
        self,
        cursor: duckdb.DuckDBPyConnection,
        asked: Asked,
        from_marks: FromMarks,
        columns: Sequence[str],
    ) -> str:
        """Return SQL for the rows among which are all that are asked for by name."""
        register(cursor, asked)
        if not asked.has_names:
            return ""
        rows = from_marks(lambda marks: marked_rows(asked, marks, threads=self._threads))
        return by_owner(cursor) if rows is None else by_row_number(cursor, self.connections, rows, columns)

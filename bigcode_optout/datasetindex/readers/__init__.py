"""One reader for each schema; all of them give parts (`parts.PARTS`)."""

from contextlib import AbstractContextManager
from typing import Protocol

import duckdb

from bigcode_optout.names import DATASET_COLUMNS

from ..inputs import InputFile
from .detect import AUTO, detect, settle
from .file_rows import FileRows
from .holder_rows import HolderRows
from .json_names import JsonNames
from .parts import HELD_AS, PARTS
from .repository_rows import RepositoryRows

__all__ = ["AUTO", "HELD_AS", "PARTS", "SCHEMAS", "Reader", "detect", "reader_for", "settle"]


class Reader(Protocol):
    """Reads the files of one schema."""

    schema: str

    def check(self, file: InputFile) -> frozenset[str]:
        """Return the names of the parts columns that `file` really carries.

        Raises IndexBuildError naming the file, the column, what was expected and what is there.
        """

    def parts(
        self, connection: duckdb.DuckDBPyConnection, file: InputFile
    ) -> AbstractContextManager[duckdb.DuckDBPyRelation]:
        """Give the parts of `file` as a relation of `connection` with the columns of PARTS.

        The relation is computed when it is read, once, inside the `with`, a batch in memory at a time.
        Raises IndexBuildError for what cannot be used; duckdb.Error, to be caught outside the `with`, for
        what the engine meets while it reads.
        """


_READERS: dict[str, Reader] = {
    reader.schema: reader
    for reader in (
        HolderRows(DATASET_COLUMNS["v1"]),
        FileRows("v2", DATASET_COLUMNS["v2"]),
        RepositoryRows("v2-ids", DATASET_COLUMNS["v2-ids"]),
        RepositoryRows("v3", DATASET_COLUMNS["v3"]),
        RepositoryRows("v3-metadata", DATASET_COLUMNS["v3-metadata"]),
        JsonNames(),
    )
}

SCHEMAS: tuple[str, ...] = tuple(_READERS)
"""The schemas that can be built; AUTO is settled into one of them."""


def reader_for(schema: str) -> Reader:
    """Return the reader of one of SCHEMAS; raises KeyError for another."""
    return _READERS[schema]

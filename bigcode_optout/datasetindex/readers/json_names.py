"""username-to-repo: the old look-up app's JSON, one object {login: ["owner/name", …]}, gzip or plain.

A name keeps its own owner, also where that is not the login it is listed under: the index holds names as the
dataset has them, and the key says nothing that the name does not.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from ..errors import IndexBuildError
from ..inputs import InputFile
from .json_object import entries
from .leaves import streamed
from .parts import parts_select

_BATCH_NAMES = 50_000
_ROWS = pa.schema({"name": pa.string()})


class JsonNames:
    """Reads names and nothing else: files, bytes and all the rest are unknown."""

    schema = "username-to-repo"

    def check(self, file: InputFile) -> frozenset[str]:
        """Return the one parts column there is; raises IndexBuildError for a Parquet file."""
        if not file.is_json:
            raise IndexBuildError(
                f"{file.path} is a Parquet file, but the schema {self.schema} is read from gzip JSON."
            )
        return frozenset({"repo_name"})

    @contextmanager
    def parts(
        self, connection: duckdb.DuckDBPyConnection, file: InputFile
    ) -> Iterator[duckdb.DuckDBPyRelation]:
        """Yield a part of 0 files for each name in the lists."""
        self.check(file)
        with streamed(connection, file, _ROWS, _batches(file)) as rows:
            yield rows.query("source", f"SELECT {parts_select({'repo_name': 'name'})} FROM source")  # noqa: S608 - names from our table


def _batches(file: InputFile) -> Iterator[pa.RecordBatch]:
    waiting: list[str] = []
    is_empty = True
    for listed in _lists(file):
        waiting += listed
        if len(waiting) >= _BATCH_NAMES:
            yield _batch(waiting)
            is_empty, waiting = False, []
    if is_empty and not waiting:
        raise IndexBuildError(f"{file.path} names no repository, so there is nothing to index.")
    yield _batch(waiting)


def _batch(names: list[str]) -> pa.RecordBatch:
    try:
        values = pa.array(names, pa.string())
    except UnicodeEncodeError:
        # Half of a surrogate pair is no character. The name that has one goes on with a “?”, malformed still.
        values = pa.array([name.encode("utf-8", "replace").decode() for name in names], pa.string())
    return pa.record_batch([values], schema=_ROWS)


def _lists(file: InputFile) -> Iterator[list[str]]:
    for login, listed, position in entries(file.path):
        if not isinstance(listed, list):
            raise IndexBuildError(
                f"{file.path}: at character {position:,} “{login}” has {_kind(listed)}, "
                "but a list of names was expected."
            )
        if not all(type(name) is str for name in listed):
            odd = next(name for name in listed if type(name) is not str)
            raise IndexBuildError(
                f"{file.path}: at character {position:,} the list of “{login}” has {_kind(odd)}, "
                "but a name in quotes was expected."
            )
        yield listed


def _kind(value: object) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")

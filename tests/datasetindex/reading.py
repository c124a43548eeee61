"""Run one reader over one file, as a build does, and look at the parts that come out."""

from pathlib import Path
from typing import Any

import duckdb

from bigcode_optout.datasetindex.inputs import find_inputs
from bigcode_optout.datasetindex.readers import PARTS, reader_for


def parts_of(path: Path, schema: str) -> list[dict[str, Any]]:
    """Return all parts of the file, in order of their values."""
    [file] = find_inputs([path])
    with duckdb.connect() as connection, reader_for(schema).parts(connection, file) as parts:
        assert list(parts.columns) == list(PARTS)
        assert [str(kind) for kind in parts.types] == list(PARTS.values())
        rows = parts.fetchall()
    return sorted((dict(zip(PARTS, row, strict=True)) for row in rows), key=lambda part: str(part.values()))


def carried(path: Path, schema: str) -> frozenset[str]:
    """Return what the reader says the file really has."""
    [file] = find_inputs([path])
    return reader_for(schema).check(file)

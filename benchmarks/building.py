"""The build, beside a plain read and write of the same rows and beside a gzip JSON of the same columns."""

import datetime as dt
import gzip
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.measuring import peak_memory, seconds, size_of, timed
from bigcode_optout.datasetindex import build
from bigcode_optout.datasetindex.lookup_store.folder import store_folder

THREADS = 2
MEMORY_LIMIT = "4GB"
DATA_DATE = dt.date(2023, 9, 6)


@dataclass(frozen=True)
class Built:
    """Seconds, bytes on disk, and the most memory of the build with its processes."""

    plain_seconds: float
    published_seconds: float
    both_seconds: float
    peak_bytes: int
    published_bytes: int
    store_bytes: int
    owners: int


@dataclass(frozen=True)
class OldForms:
    """The gzip JSON of all columns (seconds to write) and of the names by login, as the old look-up app had them."""

    columns_seconds: float
    columns_bytes: int
    names_path: Path
    names_bytes: int


def measure_building(inputs: Path, index: Path) -> Built:
    """Build without and with a look-up store, the second one at `index`; the plain copy before and after, the mean."""
    copy = index.with_name("plain.parquet")
    first = seconds(lambda: plain_copy(inputs, copy))
    published = seconds(lambda: _build(inputs, index.with_name("published-only"), has_store=False))
    shutil.rmtree(index.with_name("published-only"))
    with peak_memory() as peak:
        both, owners = timed(lambda: _build(inputs, index, has_store=True))
    second = seconds(lambda: plain_copy(inputs, copy))
    copy.unlink()
    return Built(
        plain_seconds=(first + second) / 2,
        published_seconds=published,
        both_seconds=both,
        peak_bytes=peak[0],
        published_bytes=size_of(index),
        store_bytes=size_of(store_folder(index)),
        owners=owners,
    )


def engine() -> duckdb.DuckDBPyConnection:
    """DuckDB as the build has it."""
    connection = duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY_LIMIT})
    connection.execute("SET enable_progress_bar = false")
    return connection


def plain_copy(inputs: Path, target: Path) -> None:
    """Read all rows and write them again."""
    with engine() as connection:
        connection.execute(
            f"COPY (SELECT * FROM '{inputs}/*.parquet') TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
        )


def _build(inputs: Path, output: Path, *, has_store: bool) -> int:
    return build(
        [inputs],
        output=output,
        schema="v2",
        data_date=DATA_DATE,
        threads=THREADS,
        memory_limit=MEMORY_LIMIT,
        has_store=has_store,
    ).owners


def write_old_forms(inputs: Path, folder: Path) -> OldForms:
    """Write both as a program would that knows no better: `json` and `gzip` with their defaults."""
    columns, names = folder / "columns.json.gz", folder / "names.json.gz"
    taken = seconds(lambda: _write_columns(inputs, columns))
    size = size_of(columns)
    columns.unlink()
    _write_names(inputs, names)
    return OldForms(taken, size, names, size_of(names))


def _write_columns(inputs: Path, target: Path) -> None:
    with engine() as connection, gzip.open(target, "wt", encoding="utf-8") as stream:
        cursor = connection.execute(f"SELECT * FROM '{inputs}/*.parquet'")
        names = [name for name, *_ in cursor.description or ()]
        while rows := cursor.fetchmany(10_000):
            for row in rows:
                stream.write(json.dumps(dict(zip(names, row, strict=True)), default=str) + "\n")


def _write_names(inputs: Path, target: Path) -> None:
    """{login: [names]}, sorted by login."""
    with engine() as connection, gzip.open(target, "wt", encoding="utf-8") as stream:
        cursor = connection.execute(
            f"""SELECT lower(split_part(repo_name, '/', 1)) AS login, list(repo_name)
                FROM '{inputs}/*.parquet' GROUP BY login ORDER BY login"""
        )
        separator = "{"
        while rows := cursor.fetchmany(10_000):
            for login, listed in rows:
                stream.write(f"{separator}{json.dumps(login)}: {json.dumps(listed)}")
                separator = ", "
        stream.write("}")

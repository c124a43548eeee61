"""Build an index from generated file rows, beside a plain read and write of the same rows by the same engine."""

import datetime as dt
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bigcode_optout.datasetindex import build

ROWS = 1_000_000
REPOSITORIES = 40_000
ROUNDS = 3
THREADS = 2
MEMORY_LIMIT = "1GB"


@dataclass(frozen=True)
class Result:
    """Seconds are the shortest of ROUNDS; sizes are in bytes."""

    plain_seconds: float
    build_seconds: float
    input_bytes: int
    index_bytes: int
    repositories: int

    @property
    def ratio(self) -> float:
        """How many plain copies one build costs."""
        return self.build_seconds / self.plain_seconds


def measure() -> Result:
    """Generate, copy plainly, build; in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "rows.parquet"
        _generate(source)
        plain = _shortest(lambda round_number: _copy(source, folder / f"copy-{round_number}.parquet"))
        found = []
        built = _shortest(lambda round_number: found.append(_build(source, folder / f"index-{round_number}")))
        size = sum(file.stat().st_size for file in (folder / "index-0").iterdir())
        return Result(plain, built, source.stat().st_size, size, found[0])


def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY_LIMIT})


def _generate(path: Path) -> None:
    """Rows as in The Stack v2's metadata, spread over repositories by a square law."""
    with _engine() as engine:
        engine.execute(
            f"""
            COPY (
                SELECT 'owner-' || (r % 9973) || '/repository-' || r AS repo_name,
                       CASE WHEN r % 5 = 0 THEN NULL ELSE 1000000 + r END AS github_id,
                       '/src/file_' || i || '.py' AS path,
                       200 + (i * 7919) % 20000 AS length_bytes,
                       ['Python', 'C', 'Rust', 'Go'][1 + i % 4] AS language,
                       sha1(i::VARCHAR) AS blob_id
                FROM (SELECT i, ((i::DOUBLE / {ROWS}) ** 2 * {REPOSITORIES})::BIGINT AS r FROM range({ROWS}) rows(i))
                ORDER BY hash(i)
            ) TO '{path}' (FORMAT parquet)
            """
        )


def _copy(source: Path, target: Path) -> None:
    with _engine() as engine:
        engine.execute(f"COPY (SELECT * FROM read_parquet('{source}')) TO '{target}' (FORMAT parquet)")


def _build(source: Path, target: Path) -> int:
    date = dt.date(2023, 9, 6)
    manifest = build([source], output=target, data_date=date, threads=THREADS, memory_limit=MEMORY_LIMIT)
    return manifest.repositories


def _shortest(run: Callable[[int], object]) -> float:
    seconds = []
    for round_number in range(ROUNDS):
        started = time.perf_counter()
        run(round_number)
        seconds.append(time.perf_counter() - started)
    return min(seconds)

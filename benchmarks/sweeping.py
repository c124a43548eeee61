"""The sweep, beside reading the name column once and beside pandas as BigCode's own scripts use it."""

from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pandas as pd

from benchmarks.building import MEMORY_LIMIT, THREADS, engine
from benchmarks.measuring import seconds, timed
from bigcode_optout.datasetindex import open_index

OWNERS = 20_000
REPOSITORIES = 100_000
_ROUNDS = 5


@dataclass(frozen=True)
class Swept:
    """Seconds; the sweeps and the name column are medians of five that took turns."""

    name_column_seconds: float
    rows_seconds: float
    brief_seconds: float
    whole_seconds: float
    pandas_seconds: float | None
    found: int


def measure_sweep(index: Path, *, with_pandas: bool) -> Swept:
    """Ask for OWNERS owners and REPOSITORIES repositories at once, drawn evenly from the index."""
    files = f"'{index}/repositories/*.parquet'"
    with engine() as connection:
        owners = [
            owner
            for (owner,) in connection.execute(
                f"SELECT DISTINCT owner_key FROM {files} ORDER BY hash(owner_key) LIMIT {OWNERS}"
            ).fetchall()
        ]
        names = [
            name
            for (name,) in connection.execute(
                f"SELECT repo_name FROM {files} ORDER BY hash(repo_name) LIMIT {REPOSITORIES}"
            ).fetchall()
        ]

        with open_index(index, memory_limit=MEMORY_LIMIT, threads=THREADS) as opened:

            def read_names() -> None:
                for _ in connection.sql(f"SELECT repo_name FROM {files}").to_arrow_reader(100_000):
                    pass

            def find_rows() -> int:
                return sum(1 for _ in opened.find_rows(owners=owners, repositories=names))

            def find(is_brief: bool) -> int:
                return sum(1 for _ in opened.find(owners=owners, repositories=names, is_brief=is_brief))

            runs = (read_names, find_rows, lambda: find(True), lambda: find(False))
            # Taking turns, so that a slow moment of the machine is nobody's alone.
            rounds = [[seconds(run) for run in runs] for _ in range(_ROUNDS)]
            column, rows, brief, whole = (median(each) for each in zip(*rounds, strict=True))
            found = find_rows()
    taken = None
    if with_pandas:
        taken, by_pandas = timed(lambda: _with_pandas(index, set(owners), set(names)))
        assert by_pandas <= found, "pandas compares letter case, so it cannot find more"
    return Swept(column, rows, brief, whole, taken, found)


def _with_pandas(index: Path, owners: set[str], names: set[str]) -> int:
    frame = pd.read_parquet(index / "repositories", columns=["repo_name"])
    is_asked = frame["repo_name"].str.split("/").str[0].isin(owners) | frame["repo_name"].isin(names)
    return int(is_asked.sum())

"""``python -m benchmarks``: measure and write docs/benchmarks.md."""

import os
import platform
from pathlib import Path

import duckdb

from benchmarks.index_build import MEMORY_LIMIT, ROUNDS, ROWS, THREADS, Result, measure

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


def main() -> None:
    """Measure, print, write."""
    result = measure()
    PAGE.write_text(page(result), encoding="utf-8")
    print(
        f"index build {result.build_seconds:.2f} s, plain copy {result.plain_seconds:.2f} s, ratio {result.ratio:.1f}"
    )


def page(result: Result) -> str:
    """The page with this machine's figures."""
    plain, built = result.plain_seconds, result.build_seconds
    return f"""# Benchmarks

*This text is licensed under CC BY 4.0.*

Written by `make bench`. Machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python
{platform.python_version()}, DuckDB {duckdb.__version__} with {THREADS} threads and {MEMORY_LIMIT} of memory.

## Building an index

{ROWS:,} generated file rows (columns of The Stack v2, in no order) of {result.repositories:,} repositories,
one Parquet file of {result.input_bytes / 1e6:.1f} MB, in the page cache. The shortest of {ROUNDS} rounds each.

| | seconds | rows a second |
|---|---|---|
| plain copy: DuckDB reads all columns and writes them again | {plain:.2f} | {ROWS / plain:,.0f} |
| `datasetindex build`: read, group, sort, write, check sums | {built:.2f} | {ROWS / built:,.0f} |

One build costs as much as **{result.ratio:.1f}** plain copies. The index takes {result.index_bytes / 1e6:.1f} MB.

What this does not say: how a build goes that does not fit into memory, or one that reads from a network. The copy
writes every row again; the build writes one row a repository.
"""


if __name__ == "__main__":
    main()

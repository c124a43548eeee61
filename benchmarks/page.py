"""What a run measured, as a section of docs/benchmarks.md."""

import datetime as dt
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import psutil

from benchmarks.building import MEMORY_LIMIT, THREADS, Built, OldForms
from benchmarks.endpoint import Served
from benchmarks.looking_up import Fresh, LookedUp
from benchmarks.sweeping import OWNERS, REPOSITORIES, Swept

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


@dataclass(frozen=True)
class Run:
    """Everything measured at one size; `old` and `old_app` are None where that would take too long."""

    rows: int
    input_bytes: int
    built: Built
    looked_up: LookedUp
    fresh: Fresh
    swept: Swept
    served: Served
    served_on_redis: Served | None
    copied_seconds: float | None
    old: OldForms | None
    old_app: Fresh | None


def append(run: Run) -> None:
    """Add a section to the page."""
    PAGE.write_text(PAGE.read_text(encoding="utf-8").rstrip() + "\n\n" + section(run), encoding="utf-8")


def _served_row(served: Served, limiter: str) -> str:
    named = f"look-up endpoint, limits {limiter}"
    return _row("bare view", served.bare_ms, named, served.look_up_ms, "≥ 0.6", unit=_milliseconds)


def section(run: Run) -> str:
    """The section of one run."""
    built, swept, served = run.built, run.swept, run.served
    disk = built.published_bytes + built.store_bytes
    rows = [
        _row(
            "build of the published form",
            built.published_seconds,
            "plain read and write",
            built.plain_seconds,
            "≤ 4",
        ),
        _served_row(served, "in memory"),
        *([_served_row(run.served_on_redis, "on Redis")] if run.served_on_redis else []),
        _row(
            "sweep, plain rows of name, id and sizes",
            swept.rows_seconds,
            "name column once",
            swept.name_column_seconds,
            "≤ 1.5",
        ),
        _row(
            "sweep, the same as records",
            swept.brief_seconds,
            "name column once",
            swept.name_column_seconds,
            "–",
        ),
        _row("sweep, all columns", swept.whole_seconds, "name column once", swept.name_column_seconds, "–"),
    ]
    if swept.pandas_seconds is not None:
        rows.append(
            _row("pandas `isin`", swept.pandas_seconds, "sweep, plain rows", swept.rows_seconds, "≥ 10")
        )
    if run.old and run.old_app:
        rows += [
            _row(
                "gzip JSON of all columns",
                run.old.columns_seconds,
                "build of both forms",
                built.both_seconds,
                "≥ 2",
            ),
            _row(
                "loading the old app's dict", run.old_app.seconds, "first answer", run.fresh.seconds, "≥ 20"
            ),
            _row(
                "its memory",
                run.old_app.peak_bytes,
                "memory of that",
                run.fresh.peak_bytes,
                "≥ 10",
                unit=_megabytes,
            ),
            _row("disk, both forms", disk, "gzip JSON of names", run.old.names_bytes, "≤ 8", unit=_megabytes),
        ]
    return f"""## {run.rows:,} repositories, {dt.datetime.now(dt.UTC):%Y-%m-%d}

{machine()} Input: {_megabytes(run.input_bytes)} of Parquet, {built.owners:,} owners.

| what | | against | | ratio | goal |
|---|---|---|---|---|---|
{chr(10).join(rows)}

- Build of both forms: {built.both_seconds:,.1f} s, at most {_megabytes(built.peak_bytes)} of memory with its processes.
- Published form {_megabytes(built.published_bytes)}, look-up store {_megabytes(built.store_bytes)}.
- Look-up by owner in process, warm, owners drawn evenly, totals and first 100: median {run.looked_up.median_ms:.3f} ms,
  99 % within {run.looked_up.p99_ms:.3f} ms (goal at 100 million: 2), slowest {run.looked_up.largest_ms:.2f} ms.
- First answer of a fresh process: {run.fresh.seconds:.2f} s, {_megabytes(run.fresh.peak_bytes)}.
{_copies(run)}- Sweep of {OWNERS:,} owners and {REPOSITORIES:,} repositories: {swept.found:,} found.
"""


def _copies(run: Run) -> str:
    if run.copied_seconds is None:
        return ""
    each = run.copied_seconds / (run.rows / 1e6)
    return f"- Copies pass over {run.rows:,} file rows: {run.copied_seconds:.1f} s, {each:.2f} s a million.\n"


def machine() -> str:
    """What it ran on, and how busy that was."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.system()} {platform.machine()}, Python "
        f"{platform.python_version()}, DuckDB {duckdb.__version__} with {THREADS} threads and {MEMORY_LIMIT}. "
        f"Load over the last 15 minutes, at the end: {os.getloadavg()[2]:.1f}."
    )


def _seconds(value: float) -> str:
    return f"{value:,.2f} s"


def _milliseconds(value: float) -> str:
    return f"{value:.3f} ms"


def _megabytes(value: float) -> str:
    return f"{value / 1e6:,.1f} MB"


def _row(
    what: str, value: float, against: str, other: float, goal: str, unit: Callable[[float], str] = _seconds
) -> str:
    return f"| {what} | {unit(value)} | {against} | {unit(other)} | **{value / other:.2f}** | {goal} |"

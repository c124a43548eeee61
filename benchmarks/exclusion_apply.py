"""Apply a list to generated shards and verify what came out, beside plain ways of doing the same.

    python -m benchmarks.exclusion_apply [ROWS [SHARDS [ROUNDS]]]

Rows are file rows of The Stack v2, clustered by repository as in the published shards; about 3 % are covered. The
list has 2 owners for 1,000 rows and 10 repositories for 1,000 rows, half of them in another spelling than the data's,
and most of them not in the data, as in life. Each figure is the shortest of the rounds, and of five where it is
short. Plain writing and copying wait for the disk as apply does before it notes a shard as done; copying is told
without that, too.
"""

import datetime as dt
import gc
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from bigcode_optout.exclusionlist import (  # isort: skip - it tells Arrow how to keep memory, which counts for all
    FORMATS,
    KEYED_FORMATS,
    ExclusionList,
    ListKey,
    ReleaseFacts,
    Rule,
    read,
    write,
)

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from benchmarks.measuring import peak_memory
from benchmarks.page import PAGE, machine
from bigcode_optout.exclusionlist.applying import Options, apply
from bigcode_optout.exclusionlist.shards import flush
from bigcode_optout.exclusionlist.verifying import Check, verify
from bigcode_optout.names import fold

FACTS = ReleaseFacts("bench", "bigcode/the-stack-v2", None, date(2026, 11, 1))
FILES_A_REPOSITORY = 20
REPOSITORIES_AN_OWNER = 4


def main(rows: int = 10_000_000, shards: int = 20, rounds: int = 2) -> None:
    """Generate, measure, print, add a section to docs/benchmarks.md."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        text = measure(Path(name), rows, shards, rounds)
    PAGE.write_text(PAGE.read_text(encoding="utf-8").rstrip() + "\n\n" + text, encoding="utf-8")
    print(text, flush=True)


def measure(folder: Path, rows: int, shards: int, rounds: int) -> str:
    """Everything of one size, in an empty folder; returns the section."""
    source, output, report = folder / "in", folder / "out", folder / "a.json"
    generate(source, rows, shards)
    rules = rules_for(rows)
    write(rules, output=folder / "list", format="parquet", facts=FACTS)
    exclusions = read(folder / "list")
    owners = {rule.name for rule in rules if rule.kind == "owner"}
    repositories = {rule.name for rule in rules if rule.kind == "repository"}

    def applied(listed: ExclusionList = exclusions) -> None:
        report.write_text(json.dumps(apply(listed, [source], output=output, options=Options("v2"))))

    # The commands hold one list; the names that pandas needs would be looked through for garbage in the middle of them.
    gc.collect()
    gc.freeze()
    taken = {"pandas": _shortest(1, output, lambda: pandas_isin(source, output, owners, repositories))}
    left = verify(exclusions, [output], Check("v2"))["rows_left"]
    taken["alone"] = _shortest(rounds, output, lambda: plain(source, output, jobs=1))
    taken["plain"] = _shortest(rounds, output, lambda: plain(source, output))
    delta = delta_for(folder, source)
    taken["cached"] = _shortest(5, output, lambda: shutil.copytree(source, output))
    taken["copy"] = _shortest(5, output, lambda: copied(source, output))
    taken["delta"] = _shortest(5, output, lambda: applied(delta))
    taken["apply"] = _shortest(rounds, output, applied)
    result = verify(exclusions, [output], Check("v2", unfiltered=(source,), apply_report=report))
    taken["verify"] = _shortest(5, None, lambda: verify(exclusions, [output], Check("v2")))
    taken["read"] = _shortest(5, None, lambda: read_names(output))
    taken["check"] = _shortest(1, None, lambda: pandas_check(output, owners, repositories))
    totals = json.loads(report.read_text())["totals"]
    control = "agrees" if result["control"]["agrees"] else "DISAGREES"
    with peak_memory() as peak:
        exported = _shortest(1, None, lambda: export_all(folder / "exports"))
    ratios = [
        ("apply", "apply", "plain read and write, as many shards at a time", "plain", "≤ 1.25"),
        ("apply", "apply", "the same, one shard after the other", "alone", "–"),
        ("pandas `isin`", "pandas", "apply", "apply", "≥ 2.5"),
        ("apply, one shard touched", "delta", "copying all shards, to the disk", "copy", "–"),
        ("apply, one shard touched", "delta", "copying all shards", "cached", "≤ 2"),
        ("verify", "verify", "name column once", "read", "≤ 3"),
        ("pandas `isin` over names", "check", "verify", "verify", "≥ 12"),
    ]
    table = "\n".join(
        f"| {what} | {taken[a]:.2f} s | {against} | {taken[b]:.2f} s | **{taken[a] / taken[b]:.2f}** | {goal} |"
        for what, a, against, b, goal in ratios
    )
    return f"""## Exclusion list over {rows:,} file rows in {shards} shards, {dt.datetime.now(dt.UTC):%Y-%m-%d}

{machine()} {len(owners):,} owners and {len(repositories):,} repositories; pandas {pd.__version__}, in one process.

| what | | against | | ratio | goal |
|---|---|---|---|---|---|
{table}

- Removed {totals["rows_removed"]:,} rows ({totals["rows_removed"] / rows:.1%}). Left of what is excluded, in any
  spelling: by apply {result["rows_left"]:,}, by pandas {left:,}. The control over the unfiltered shards {control}.
- All formats of a list of {EXPORTED[0]:,} owners and {EXPORTED[1]:,} repositories: {exported:.1f} s (goal 30), at most
  {peak[0] / 1e6:,.0f} MB of memory (goal 500).
"""


EXPORTED = (50_000, 300_000)


def export_all(folder: Path) -> None:
    """Write a list in each format, keyed ones too."""
    names = [f"Owner-{number}" for number in range(EXPORTED[0])]
    names += [f"Owner-{number % 90_000}/Project-{number}" for number in range(EXPORTED[1])]
    rules = [_rule(name) for name in names]
    key = ListKey.generate()
    for format in (*FORMATS, *KEYED_FORMATS):
        more = {"list_key": key} if format in KEYED_FORMATS else {}
        write(rules, output=folder / format, format=format, facts=FACTS, **more)


def delta_for(folder: Path, source: Path) -> ExclusionList:
    """Return a list of repositories that stand in one shard alone."""
    found = duckdb.execute(
        """
        WITH found AS (
            SELECT repo_name, min(of) AS shard FROM read_parquet($files, filename = 'of')
            GROUP BY repo_name HAVING count(DISTINCT of) = 1)
        SELECT repo_name FROM found WHERE shard = (SELECT min(shard) FROM found) ORDER BY repo_name LIMIT 100""",
        {"files": f"{source}/*.parquet"},
    ).fetchall()
    write([_rule(name) for (name,) in found], output=folder / "delta", format="parquet", facts=FACTS)
    return read(folder / "delta")


def generate(folder: Path, rows: int, shards: int) -> None:
    """Write the shards; a row's repository is its number by FILES_A_REPOSITORY, mixed over the shards."""
    folder.mkdir()
    repositories = max(1, rows // FILES_A_REPOSITORY)
    with duckdb.connect(config={"threads": 2, "memory_limit": "2GB"}) as engine:
        for shard in range(shards):
            sql = f"""
            SELECT sha1(i::VARCHAR) AS blob_id, sha1((i // 7)::VARCHAR) AS directory_id,
                   '/src/module_' || (i % 977) || '/file_' || i || '.py' AS path, sha1((i + 1)::VARCHAR) AS content_id,
                   ['MIT'] AS detected_licenses, 'permissive' AS license_type,
                   'Owner-' || (r // {REPOSITORIES_AN_OWNER}) || '/Project-' || r AS repo_name,
                   sha1(r::VARCHAR) AS revision_id, 'refs/heads/main' AS branch_name,
                   TIMESTAMP_NS '2023-09-06 00:00:00' AS visit_date,
                   CASE WHEN r % 5 = 0 THEN NULL ELSE 1000000 + r END AS github_id,
                   (r * 31 % 997) AS star_events_count, 200 + (i * 7919) % 20000 AS length_bytes,
                   'Python' AS language, 'file_' || i || '.py' AS filename
            FROM (SELECT i, (hash(i // 5) % {repositories})::BIGINT AS r
                  FROM range({rows * shard // shards}, {rows * (shard + 1) // shards}) numbers(i)) ORDER BY r, i"""
            table = engine.sql(sql).to_arrow_table()
            pq.write_table(
                table, folder / f"train-{shard:05}.parquet", compression="zstd", row_group_size=100_000
            )


def rules_for(rows: int) -> list[Rule]:
    """Return the list: about 3 % of the rows are covered by it."""
    repositories = max(1, rows // FILES_A_REPOSITORY)
    owners = repositories // REPOSITORIES_AN_OWNER
    named = [f"Owner-{number}" for number in range(0, owners, 50)]
    named += [f"absent-owner-{number}" for number in range(rows // 500 - len(named))]
    full = [f"Owner-{n // REPOSITORIES_AN_OWNER}/Project-{n}" for n in range(1, repositories, 100)]
    full += [f"absent/project-{number}" for number in range(rows // 100 - len(full))]
    return [_rule(name if place % 2 else name.lower()) for place, name in enumerate(named + full)]


def _rule(name: str) -> Rule:
    kind = "repository" if "/" in name else "owner"
    return Rule(kind, name, fold(name), None, None, None, True, True, True, "bench")


def plain(source: Path, output: Path, *, jobs: int = Options("v2").jobs) -> None:
    """Read and write every row group, schema kept: what any rewriting costs."""
    output.mkdir()

    def written(path: Path) -> None:
        shard = pq.ParquetFile(path)
        with pq.ParquetWriter(output / path.name, shard.schema_arrow, compression="zstd") as writer:
            for group in range(shard.num_row_groups):
                writer.write_table(shard.read_row_group(group))
        flush(output / path.name)

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(written, sorted(source.iterdir())))


def copied(source: Path, output: Path) -> None:
    """Copy the folder, and see each file to the disk."""
    shutil.copytree(source, output)
    for path in output.iterdir():
        flush(path)


def pandas_isin(source: Path, output: Path, owners: set[str], repositories: set[str]) -> None:
    """Filter as BigCode's scripts do: whole shards in pandas, names compared letter by letter."""
    output.mkdir()
    for path in sorted(source.iterdir()):
        frame = pd.read_parquet(path)
        frame[~_is_listed(frame, owners, repositories)].to_parquet(output / path.name, compression="zstd")


def pandas_check(output: Path, owners: set[str], repositories: set[str]) -> int:
    """Count what is left, by the same comparison."""
    frames = (pd.read_parquet(path, columns=["repo_name"]) for path in sorted(output.iterdir()))
    return sum(int(_is_listed(frame, owners, repositories).sum()) for frame in frames)


def _is_listed(frame: pd.DataFrame, owners: set[str], repositories: set[str]) -> "pd.Series[bool]":
    owner = frame["repo_name"].str.split("/", expand=True)[0]
    return frame["repo_name"].isin(repositories) | owner.isin(owners)


def read_names(output: Path) -> int:
    """Read the column of names once."""
    return sum(pq.read_table(path, columns=["repo_name"]).num_rows for path in sorted(output.iterdir()))


def _shortest(rounds: int, output: Path | None, run: Callable[[], object]) -> float:
    seconds = []
    for _ in range(rounds):
        if output is not None:
            shutil.rmtree(output, ignore_errors=True)
        started = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""Apply a list to generated shards and verify what came out, beside plain ways of doing the same.

    python -m benchmarks.exclusion_apply [ROWS [SHARDS [ROUNDS]]]

Rows are file rows of The Stack v2, clustered by repository as in the published shards; about 3 % are covered. The
list has 2 owners for 1,000 rows and 10 repositories for 1,000 rows, half of them in another spelling than the data's,
and most of them not in the data, as in life. Each figure is the shortest of the rounds.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from bigcode_optout.exclusionlist import ReleaseFacts, Rule, read, write
from bigcode_optout.exclusionlist.applying import Options, apply
from bigcode_optout.exclusionlist.verifying import Check, verify
from bigcode_optout.names import fold

FACTS = ReleaseFacts("bench", "bigcode/the-stack-v2", None, date(2026, 11, 1))
FILES_A_REPOSITORY = 20
REPOSITORIES_AN_OWNER = 4


def main(rows: int = 1_000_000, shards: int = 4, rounds: int = 2) -> None:
    """Generate, measure, print one line a figure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "in"
        generate(source, rows, shards)
        rules = rules_for(rows)
        write(rules, output=folder / "list", format="parquet", facts=FACTS)
        exclusions = read(folder / "list")
        owners = {rule.name for rule in rules if rule.kind == "owner"}
        repositories = {rule.name for rule in rules if rule.kind == "repository"}
        output, report = folder / "out", folder / "a.json"

        def applied(inputs: Path = source) -> None:
            report.write_text(json.dumps(apply(exclusions, [inputs], output=output, options=Options("v2"))))

        seconds = {
            "plain": _shortest(rounds, output, lambda: plain(source, output)),
            "pandas": _shortest(rounds, output, lambda: pandas_isin(source, output, owners, repositories)),
        }
        left = verify(exclusions, [output], Check("v2"))["rows_left"]
        seconds["apply"] = _shortest(rounds, output, applied)
        check = Check("v2", unfiltered=(source,), apply_report=report)
        result = verify(exclusions, [output], check)
        seconds["verify"] = _shortest(rounds, None, lambda: verify(exclusions, [output], Check("v2")))
        seconds["read"] = _shortest(rounds, None, lambda: read_names(output))
        seconds["pandas check"] = _shortest(rounds, None, lambda: pandas_check(output, owners, repositories))
        totals = json.loads(report.read_text())["totals"]
    print(f"{rows:,} rows, {shards} shards, {len(owners):,} owners + {len(repositories):,} repositories")
    print(
        f"removed {totals['rows_removed']:,} ({totals['rows_removed'] / rows:.1%}), pandas {pd.__version__}"
    )
    for label, value in seconds.items():
        print(f"{label:<14}{value:8.2f} s")
    print(f"apply / plain read and write        {seconds['apply'] / seconds['plain']:.2f}  (goal <= 1.25)")
    print(f"pandas isin / apply                 {seconds['pandas'] / seconds['apply']:.2f}  (goal >= 2.5)")
    print(f"verify / reading the name column    {seconds['verify'] / seconds['read']:.2f}  (goal <= 3)")
    print(
        f"pandas check / verify               {seconds['pandas check'] / seconds['verify']:.2f}  (goal >= 12)"
    )
    print(
        f"left by pandas {left:,}; left by apply {result['rows_left']:,}; control agrees: {result['control']['agrees']}"
    )


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


def plain(source: Path, output: Path) -> None:
    """Read and write every row group, schema kept: what any rewriting costs."""
    output.mkdir()
    for path in sorted(source.iterdir()):
        shard = pq.ParquetFile(path)
        with pq.ParquetWriter(output / path.name, shard.schema_arrow, compression="zstd") as writer:
            for group in range(shard.num_row_groups):
                writer.write_table(shard.read_row_group(group))


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

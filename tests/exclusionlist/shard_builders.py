"""Shards and lists for tests of `apply` and `verify`: written by real writers, read from real files."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bigcode_optout.exclusionlist import ExclusionList, ReleaseFacts, Rule, read, write
from bigcode_optout.exclusionlist.applying import Options, apply

HOLDERS = ("stars", "issues", "forks")


def exclusions(folder: Path, rules: Iterable[Rule], shared_content: Any = "drop") -> ExclusionList:
    facts = ReleaseFacts("v3.2", "bigcode/the-stack", None, date(2026, 11, 1), shared_content)
    write(rules, output=folder, format="jsonl", facts=facts)
    return read(folder)


def v2(names: list[str | None], ids: list[Any] | None = None, id_type: pa.DataType | None = None) -> pa.Table:
    return pa.table(
        {
            "blob_id": [f"{number:040x}" for number in range(len(names))],
            "repo_name": pa.array(names, pa.string()),
            "github_id": pa.array(ids or [None] * len(names), id_type or pa.int64()),
            "revision_date": pa.array([datetime(2023, 9, 6)] * len(names), pa.timestamp("ns")),
            "length_bytes": pa.array(range(len(names)), pa.int64()),
        }
    )


def v1(rows: list[tuple[str | None, str | None, str | None]]) -> pa.Table:
    columns: dict[str, Any] = {"hexsha": [f"{number:040x}" for number in range(len(rows))]}
    for holder, names in zip(HOLDERS, zip(*rows, strict=True), strict=True):
        columns[f"max_{holder}_repo_path"] = ["/a.py" if name else None for name in names]
        columns[f"max_{holder}_repo_name"] = pa.array(names, pa.string())
        columns[f"max_{holder}_repo_licenses"] = pa.array([["MIT"] for _ in names], pa.list_(pa.string()))
        columns[f"max_{holder}_count"] = pa.array([3] * len(names), pa.int64())
    return pa.table(columns)


def put(table: pa.Table, path: Path, **settings: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, **settings)
    return path


def filtered(tmp_path: Path, rules: Iterable[Rule], table: pa.Table, schema: Any, **options: Any) -> pa.Table:
    """Apply the rules to one shard and return what is left of it."""
    shared = options.pop("shared_content", "drop")
    listed = exclusions(tmp_path / "list", rules, shared)
    put(table, tmp_path / "in/shard.parquet")
    apply(listed, [tmp_path / "in"], output=tmp_path / "out", options=Options(schema, **options))
    return pq.read_table(tmp_path / "out/shard.parquet")

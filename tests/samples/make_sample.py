"""Write the sample dataset that the project ships: ``python -m tests.samples.make_sample [--real FOLDER]``.

Without ``--real`` it holds the invented repositories only. ``FOLDER`` has Parquet files in the v2 schema; of
its repositories the small ones are taken, names and hashes only, as they stand there.
"""

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset
import pyarrow.parquet as pq

from .describe import describe
from .plan import GONE, MALFORMED, PLAN, Planned
from .rows import Facts, rows_of
from .schema import SCHEMA

SANDBOX = Path(__file__).resolve().parents[2] / "bigcode_optout" / "sandbox"
# Repositories with fewer files than this are taken from the real source.
REAL_BELOW = {"v2.0": 60, "v2.1": 220}
SHARDS = {"v2.0": 2, "v2.1": 3}


def make(target: Path, real: Path | None = None) -> None:
    """Write both versions and their README below ``target``."""
    tables = {version: _table(version, real) for version in SHARDS}
    for version, table in tables.items():
        _write(table, target / version, SHARDS[version])
    (target / "README.md").write_text(describe(tables, _real_names(real)), encoding="utf-8")


def invented_rows(version: str) -> list[dict[str, Any]]:
    """All rows of the personas' repositories and the malformed ones."""
    world = known_repositories()
    rows: list[dict[str, Any]] = []
    for planned in PLAN:
        count = planned.files if version == "v2.1" else planned.files_before
        rows += rows_of(_facts(planned, world[planned.name.lower()], version), count)
    for number, name in enumerate(MALFORMED[version]):
        created_at = datetime(2016, 6, 6)
        rows += rows_of(Facts(f"malformed {number}", name, number, None, created_at, "C", "MIT"), 1)
    return rows


def known_repositories() -> dict[str, dict[str, Any]]:
    """The world's repositories, and those gone, by every name they have or had, in lower case."""
    content = json.loads((SANDBOX / "personas.json").read_text(encoding="utf-8"))
    found = {
        name.lower(): row
        for row in content["repositories"]
        for name in [row["full_name"], *row.get("former_full_names", [])]
    }
    return found | {name: vars(row) for name, row in GONE.items()}


def _facts(planned: Planned, row: dict[str, Any], version: str) -> Facts:
    before = version == "v2.0"
    return Facts(
        key=planned.name.lower(),
        shown_name=(planned.name_before or planned.name) if before else planned.name,
        repository_id=row["id"],
        shown_id=row["id"] if planned.has_id and not before else None,
        created_at=datetime.fromisoformat(row["created_at"]).replace(tzinfo=None),
        language=row["language"],
        licence=row["licence"],
    )


def _table(version: str, real: Path | None) -> pa.Table:
    parts = [pa.Table.from_pylist(invented_rows(version), schema=SCHEMA)]
    if real is not None:
        parts.append(_real_table(real, REAL_BELOW[version]))
    return pa.concat_tables(parts).sort_by(
        [("language", "ascending"), ("repo_name", "ascending"), ("path", "ascending")]
    )


def _real_table(folder: Path, below: int) -> pa.Table:
    table = pyarrow.dataset.dataset(folder, format="parquet").to_table(columns=SCHEMA.names).cast(SCHEMA)
    counts = table.group_by("repo_name").aggregate([("path", "count")])
    small = counts.filter(pc.less(counts["path_count"], below))["repo_name"]
    return table.filter(pc.is_in(table["repo_name"], value_set=small.combine_chunks()))


def _real_names(real: Path | None) -> list[str]:
    if real is None:
        return []
    return sorted(set(_real_table(real, REAL_BELOW["v2.1"])["repo_name"].to_pylist()))


def _write(table: pa.Table, folder: Path, shards: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows = -(-table.num_rows // shards)
    for number in range(shards):
        part = table.slice(number * rows, rows).combine_chunks()
        path = folder / f"part-{number:05}.parquet"
        pq.write_table(part, path, compression="zstd", compression_level=19)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", type=Path, help="folder of Parquet files in the v2 schema")
    parser.add_argument("--output", type=Path, default=SANDBOX / "dataset")
    options = parser.parse_args()
    make(options.output, options.real)

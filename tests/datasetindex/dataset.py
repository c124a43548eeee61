"""Tiny inputs in the shape of The Stack v2's metadata."""

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bigcode_optout.datasetindex import IndexManifest, build

DATA_DATE = dt.date(2023, 9, 6)

V2_SCHEMA = pa.schema(
    {
        "blob_id": pa.string(),
        "path": pa.string(),
        "detected_licenses": pa.list_(pa.string()),
        "license_type": pa.string(),
        "repo_name": pa.string(),
        "revision_date": pa.timestamp("ns"),
        "github_id": pa.int64(),
        "star_events_count": pa.int64(),
        "language": pa.string(),
        "length_bytes": pa.int64(),
    }
)


def row(repo_name: str | None, **fields: Any) -> dict[str, Any]:
    """One file row; whatever is not given is plausible."""
    return {
        "blob_id": "0" * 40,
        "path": "/a.py",
        "detected_licenses": ["MIT"],
        "license_type": "permissive",
        "repo_name": repo_name,
        "revision_date": dt.datetime(2022, 1, 2, 3, 4, 5),
        "github_id": None,
        "star_events_count": 0,
        "language": "Python",
        "length_bytes": 100,
        **fields,
    }


def write_rows(
    path: Path,
    rows: Iterable[Mapping[str, Any]],
    *,
    without: Iterable[str] = (),
    types: Mapping[str, pa.DataType] | None = None,
) -> Path:
    """Write a Parquet file in v2's schema, without some columns or with other types."""
    types = types or {}
    left_out = set(without)
    fields = [
        pa.field(field.name, types.get(field.name, field.type))
        for field in V2_SCHEMA
        if field.name not in left_out
    ]
    listed = [{key: value for key, value in each.items() if key not in left_out} for each in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(listed, schema=pa.schema(fields)), path)
    return path


def built(folder: Path, rows: Iterable[Mapping[str, Any]], **options: Any) -> tuple[Path, IndexManifest]:
    """Write rows to one file and build an index from it; returns the index's folder and its manifest."""
    source = write_rows(folder / "input" / "rows.parquet", rows)
    output = folder / "index"
    return output, build([source], output=output, data_date=DATA_DATE, **options)

"""Parts in memory and parts on disk, sorted by us or by the engine, become the same index."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from bigcode_optout.datasetindex import IndexManifest, bucket, buckets, build, partition
from bigcode_optout.datasetindex.buckets import MALFORMED
from bigcode_optout.datasetindex.partition import parts_columns
from bigcode_optout.datasetindex.piles import BUCKET, Piles, parts_schema

from .dataset import DATA_DATE, row, write_rows
from .shapes import SHAPES, convert

ONE_PART = [
    row(
        f"{'oO'[n % 3 == 0]}wner{n % 97}/R-{n % 7}.{n}",
        github_id=None if n % 5 == 0 else n,
        language=[None, "Python", "Go"][n % 3],
        detected_licenses=[None, [], ["MIT"], ["b", None, "a", "b"]][n % 4],
        length_bytes=n,
        blob_id=f"{n:040}",
        revision_id="",
    )
    for n in range(3_000)
]
SPELLINGS = [
    row(name, github_id=number) for name in ("A-b/c", "a/b", "a/B", "A/b") for number in (None, 2, 1)
]
MALFORMED_ROWS = [row(name) for name in (None, "", "a", "a/b/c", "Ghost/x", "\u212a/b", "\u212a/b")]
SEVERAL_PARTS = [
    row(f"Owner{n % 40}/r{n % 300}", language=f"L{n % 4}", length_bytes=n, blob_id=f"{n:040}", revision_id="")
    for n in range(3_000)
]
CASES = {
    "one part": ONE_PART + SPELLINGS + MALFORMED_ROWS,
    "several parts": ONE_PART + SEVERAL_PARTS + MALFORMED_ROWS,
}


@pytest.fixture(autouse=True)
def small_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "BUCKET_ROWS", 800)


def contents(source: Path, output: Path, schema: str) -> tuple[object, ...]:
    made: IndexManifest = build([source], output=output, data_date=DATA_DATE, schema=schema, has_store=False)
    return made.repositories, made.owners, made.files, made.bytes, made.refused, made.contents


@pytest.mark.parametrize("schema", SHAPES)
@pytest.mark.parametrize("rows", CASES.values(), ids=CASES)
def test_every_way_gives_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, object]], schema: str
) -> None:
    given = write_rows(tmp_path / "rows.parquet", rows)
    source = convert([given], schema, tmp_path / "in.parquet")
    expected = contents(source, tmp_path / "memory", schema)
    for name, held_share, ordered_share in [("disk", 0, 0.5), ("engine", 0.3, 0), ("both", 0, 0)]:
        monkeypatch.setattr(partition, "HELD_SHARE", held_share)
        monkeypatch.setattr(bucket, "ORDERED_SHARE", ordered_share)
        assert contents(source, tmp_path / name, schema) == expected, name


def batch(numbers: list[int], targets: list[int], schema: pa.Schema) -> pa.RecordBatch:
    columns = {
        "repo_name": [f"a/{number}" for number in numbers],
        "licences": [[f"L{number}"] * (number % 3) for number in numbers],
    }
    given = pa.table({field.name: pa.array(columns.get(field.name, numbers), field.type) for field in schema})
    [made] = given.append_column(BUCKET, pa.array(targets, pa.int16())).combine_chunks().to_batches()
    return made


@pytest.mark.parametrize("most_bytes", [0, 500, 1 << 20])
def test_each_row_comes_to_its_pile_once_however_little_may_be_held(tmp_path: Path, most_bytes: int) -> None:
    with duckdb.connect() as connection:
        schema = parts_schema(connection, parts_columns([frozenset({"licences"})]))
        piles = Piles(tmp_path, schema, buckets=4, most_bytes=most_bytes)
        for start in range(0, 100, 10):
            numbers = list(range(start, start + 10))
            piles.deal(batch(numbers, [number % 4 - 1 for number in numbers], schema))
            assert piles.held_bytes <= most_bytes
        for target in (MALFORMED, 0, 1, 2, 3):
            expected = [number for number in range(100) if number % 4 - 1 == target]
            table, shown = piles[target].table(), piles[target].show(connection, "held")
            assert sorted(table["repo_id"].to_pylist()) == expected
            assert sorted(connection.sql(f"SELECT repo_id, licences FROM {shown}").fetchall()) == [
                (number, [f"L{number}"] * (number % 3)) for number in expected
            ]
            assert table.schema == schema
            piles[target].remove()
    assert list(tmp_path.iterdir()) == []

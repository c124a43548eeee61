"""What stays is as it was: names, schema, row groups, order, metadata, codecs; untouched shards byte for byte."""

import json

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bigcode_optout.exclusionlist.applying import Options, apply
from bigcode_optout.exclusionlist.applying.layout import LAYOUTS
from bigcode_optout.exclusionlist.applying.repeating import repeating_columns

from .builders import rule
from .shard_builders import exclusions, put, v2

NAMES = ["ada/x", "b/b", "Ada/y", "c/c", "d/d", "e/e", "ada/z", "f/f", "g/g"]


def run(tmp_path, *rules):
    listed = exclusions(tmp_path / "list", rules)
    return apply(listed, [tmp_path / "in"], output=tmp_path / "out", options=Options("v2"))


def rich_table() -> pa.Table:
    """Every kind of type that engines lose: required, large, dictionary, nanoseconds, nested, field metadata."""
    count = len(NAMES)
    schema = pa.schema(
        [
            pa.field("repo_name", pa.dictionary(pa.int32(), pa.string()), False),
            pa.field("github_id", pa.int64()),
            pa.field("content", pa.large_string(), metadata={"why": "long"}),
            pa.field("visit_date", pa.timestamp("ns")),
            pa.field("seen", pa.timestamp("us", tz="UTC"), False),
            pa.field("licences", pa.large_list(pa.field("item", pa.string(), False))),
            pa.field(
                "files", pa.list_(pa.struct([pa.field("path", pa.string(), False), ("size", pa.int32())]))
            ),
            pa.field("price", pa.decimal128(9, 2)),
            pa.field("raw", pa.binary(2)),
        ],
        metadata={"huggingface": json.dumps({"info": {}}), "z": "last", "a": "first"},
    )
    rows = {
        "repo_name": NAMES,
        "github_id": [None] * count,
        "content": [f"text {number}" for number in range(count)],
        "visit_date": [1_600_000_000_000_000_001 + number for number in range(count)],
        "seen": [0] * count,
        "licences": [["MIT"], None, [], ["A", "B"], [], [], [], None, ["C"]],
        "files": [[{"path": "/a", "size": None}]] * count,
        "price": [None] * count,
        "raw": [b"ab"] * count,
    }
    return pa.table(rows, schema=schema)


def test_schema_metadata_order_and_values_of_what_stays_are_kept(tmp_path):
    table = rich_table()
    put(table, tmp_path / "in/a.parquet", row_group_size=4)
    run(tmp_path, rule("ADA"))
    old, new = (pq.ParquetFile(tmp_path / folder / "a.parquet") for folder in ("in", "out"))
    assert new.schema_arrow.equals(old.schema_arrow, check_metadata=True)
    assert new.schema.equals(old.schema)
    assert new.metadata.metadata == old.metadata.metadata
    assert list(new.schema_arrow.metadata) == [b"huggingface", b"z", b"a"]
    stays = [place for place, name in enumerate(NAMES) if not name.lower().startswith("ada/")]
    assert new.read().to_pylist() == old.read().take(stays).to_pylist()


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["a", None] * 3, pa.string_view()),
        pa.array([b"a", None] * 3, pa.binary_view()),
        pa.array([["a", None], None] * 3, pa.list_(pa.string_view())),
        pa.array([{"path": "a"}, None] * 3, pa.struct([("path", pa.string_view())])),
    ],
    ids=lambda column: str(column.type),
)
def test_texts_that_are_views_stay_views(tmp_path, column):
    put(v2(["ada/x", "b/b", "c/c"] * 2).append_column("more", column), tmp_path / "in/a.parquet")
    run(tmp_path, rule("ada"))
    old, new = (pq.ParquetFile(tmp_path / folder / "a.parquet") for folder in ("in", "out"))
    assert new.schema_arrow.equals(old.schema_arrow, check_metadata=True) and new.schema.equals(old.schema)
    assert new.schema_arrow.field("more").type == column.type
    expected = column.to_pylist()
    assert new.read()["more"].to_pylist() == [expected[place] for place in (1, 2, 4, 5)]


def test_metadata_of_writers_that_know_no_arrow_is_kept(tmp_path):
    (tmp_path / "in").mkdir()
    with pq.ParquetWriter(tmp_path / "in/a.parquet", v2(NAMES).schema, store_schema=False) as writer:
        writer.write_table(v2(NAMES))
        writer.add_key_value_metadata({"org.apache.spark.version": "4.0.0"})
    run(tmp_path, rule("ada"))
    new = pq.ParquetFile(tmp_path / "out/a.parquet").metadata
    assert new.metadata == {b"org.apache.spark.version": b"4.0.0"} and new.num_rows == len(NAMES) - 3


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string()], ids=str)
def test_columns_of_few_texts_are_kept_and_texts_of_what_went_are_not_in_the_file(tmp_path, type_):
    languages = pa.array(["Only-Ada’s", "C", None, "C", "Rust", "C"] * 40, type_)
    names = ["ada/x", "b/b", "c/c", "d/d", "e/e", "Ada/y"] * 40
    table = v2(names).append_column(pa.field("language", type_, metadata={"why": "short"}), languages)
    put(table, tmp_path / "in/a.parquet", row_group_size=60)
    run(tmp_path, rule("ada"))
    old, new = (pq.ParquetFile(tmp_path / folder / "a.parquet") for folder in ("in", "out"))
    assert repeating_columns(old, LAYOUTS["v2"]) == ["repo_name", "language"]
    assert new.schema_arrow.equals(old.schema_arrow, check_metadata=True) and new.schema.equals(old.schema)
    assert new.metadata.metadata == old.metadata.metadata
    assert new.read().equals(old.read().filter([not name.lower().startswith("ada/") for name in names]))
    content = (tmp_path / "out/a.parquet").read_bytes()
    assert "Only-Ada’s".encode() in (tmp_path / "in/a.parquet").read_bytes()
    assert "Only-Ada’s".encode() not in content and b"ada/x" not in content


def test_row_groups_stay_apart_and_only_one_without_any_row_is_left_out(tmp_path):
    put(v2([*NAMES, "ada/1", "ada/2", "ada/3"]), tmp_path / "in/a.parquet", row_group_size=3)
    run(tmp_path, rule("ada"))
    new = pq.ParquetFile(tmp_path / "out/a.parquet").metadata
    assert [new.row_group(group).num_rows for group in range(new.num_row_groups)] == [1, 3, 2]


@pytest.mark.parametrize("codec", ["NONE", "SNAPPY", "GZIP", "ZSTD", "BROTLI", "LZ4"])
def test_codecs_encodings_and_indexes_of_each_column_are_kept(tmp_path, codec):
    put(
        v2(NAMES),
        tmp_path / "in/a.parquet",
        compression={"repo_name": codec},
        use_dictionary=["repo_name"],
        write_statistics=["length_bytes"],
        write_page_index=True,
    )
    run(tmp_path, rule("ada"))

    def told(folder):
        group = pq.ParquetFile(tmp_path / folder / "a.parquet").metadata.row_group(0)
        chunks = [group.column(index) for index in range(group.num_columns)]
        return [(c.compression, sorted(c.encodings), c.is_stats_set, c.has_offset_index) for c in chunks]

    assert told("out") == told("in")


@pytest.mark.parametrize(
    "settings",
    [
        {"version": "1.0", "coerce_timestamps": "us"},
        {"use_deprecated_int96_timestamps": True},
        {"store_schema": False},
        {"use_compliant_nested_type": False},
        {"sorting_columns": [pq.SortingColumn(0)]},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_files_of_other_writers_keep_their_parquet_schema(tmp_path, settings):
    table = v2(NAMES).append_column("licences", pa.array([["MIT"]] * len(NAMES)))
    put(table, tmp_path / "in/a.parquet", **settings)
    run(tmp_path, rule("ada"))
    old, new = (pq.ParquetFile(tmp_path / folder / "a.parquet") for folder in ("in", "out"))
    assert new.schema.equals(old.schema) and new.schema_arrow.equals(old.schema_arrow, check_metadata=True)
    assert new.metadata.row_group(0).sorting_columns == old.metadata.row_group(0).sorting_columns
    assert new.metadata.num_rows == len(NAMES) - 3


def test_a_file_that_duckdb_wrote_keeps_its_columns(tmp_path):
    (tmp_path / "in").mkdir()
    source = v2(NAMES)  # noqa: F841 - DuckDB reads it by its name
    duckdb.sql("FROM source").write_parquet(str(tmp_path / "in/a.parquet"))
    run(tmp_path, rule("ada"))
    old, new = (pq.ParquetFile(tmp_path / folder / "a.parquet") for folder in ("in", "out"))
    assert new.schema_arrow.equals(old.schema_arrow, check_metadata=True)
    assert [new.schema.column(n).physical_type for n in range(5)] == [
        old.schema.column(n).physical_type for n in range(5)
    ]
    assert new.read().num_rows == len(NAMES) - 3


def test_a_shard_of_which_nothing_goes_is_passed_through_byte_for_byte_and_said_so(tmp_path):
    put(v2(NAMES), tmp_path / "in/lang=C/a.parquet")
    put(v2(["b/b"]), tmp_path / "in/lang=C++/{b}'s.parquet")
    (tmp_path / "in/README.md").write_text("card")
    report = run(tmp_path, rule("ada"))
    quiet = "lang=C++/{b}'s.parquet"
    assert report["unchanged"] == [quiet]
    assert (tmp_path / "out" / quiet).read_bytes() == (tmp_path / "in" / quiet).read_bytes()
    found = {
        path.relative_to(tmp_path / "out").as_posix()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    assert found == {quiet, "lang=C/a.parquet"}


def test_a_shard_of_which_everything_goes_is_an_empty_one_of_the_same_schema(tmp_path):
    put(v2(["ada/x", "ADA/y"]), tmp_path / "in/a.parquet")
    run(tmp_path, rule("ada"))
    assert pq.read_table(tmp_path / "out/a.parquet").equals(v2(NAMES)[:0])


def test_a_list_of_no_rules_leaves_every_shard_as_it_is(tmp_path):
    put(v2(NAMES), tmp_path / "in/a.parquet")
    put(v2([]), tmp_path / "in/empty.parquet")
    report = run(tmp_path)
    assert report["unchanged"] == ["a.parquet", "empty.parquet"] and report["exclusions"] == []


def test_the_report_counts_by_shard_by_kind_and_by_exclusion(tmp_path):
    put(v2(["ada/x", "ada/y", "c/c", "d/d"], [1, 2, 3, None]), tmp_path / "in/a.parquet")
    put(v2(["ada/x", "e/e"]), tmp_path / "in/b.parquet")
    report = run(tmp_path, rule("ada"), rule("Ada/X"), rule("gone/c", repo_id=3), rule("nobody"))
    assert report["totals"]["rows_in"] == 6 and report["totals"]["rows_out"] == 2
    assert report["totals"]["removed_by_kind"] == {"owner_name": 3, "repository_id": 1, "repository_name": 2}
    assert [(s["name"], s["rows_in"], s["rows_out"]) for s in report["shards"]] == [
        ("a.parquet", 4, 1),
        ("b.parquet", 2, 1),
    ]
    counted = {
        e["name_key"]: (e["rows_removed"], e["files_removed"], e["shards"]) for e in report["exclusions"]
    }
    assert counted == {"ada": (3, 3, 2), "ada/x": (2, 2, 2), "gone/c": (1, 1, 1)}
    assert report["exclusions_without_rows"] == 1

"""However a shard keeps its names, each row is judged by the name it has."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bigcode_optout.exclusionlist.applying import Options, apply, distinct
from bigcode_optout.exclusionlist.shards import ShardBroken

from .builders import rule
from .shard_builders import exclusions, put, v2

NAMES = ["ada/x", "bob-x/y", None, "ADA/z", "carol/w", "bob-x/y", "", "ada/x"] * 40
LEFT = [name for name in NAMES if not (name or "").lower().startswith("ada/")]
WAYS = {
    "in dictionaries": {},
    "plain": {"use_dictionary": False},
    "in dictionaries that were given up half-way": {"dictionary_pagesize_limit": 8, "data_page_size": 64},
    "with delta lengths": {
        "use_dictionary": False,
        "column_encoding": {"repo_name": "DELTA_LENGTH_BYTE_ARRAY"},
    },
    "with common beginnings": {"use_dictionary": False, "column_encoding": {"repo_name": "DELTA_BYTE_ARRAY"}},
}
TYPES = [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())]


def left_of(tmp_path, table, **settings):
    put(table, tmp_path / "in/a.parquet", row_group_size=50, **settings)
    listed = exclusions(tmp_path / "list", [rule("Ada")])
    report = apply(listed, [tmp_path / "in"], output=tmp_path / "out", options=Options("v2"))
    assert report["totals"]["rows_removed"] == len(NAMES) - len(LEFT)
    return pq.read_table(tmp_path / "out/a.parquet").column("repo_name").cast(pa.string()).to_pylist()


@pytest.mark.parametrize("way", WAYS)
def test_names_are_read_whatever_their_encoding(tmp_path, way):
    assert left_of(tmp_path, v2(NAMES), **WAYS[way]) == LEFT


@pytest.mark.parametrize("type_", TYPES, ids=str)
def test_names_are_read_whatever_their_text_type(tmp_path, type_):
    table = v2(NAMES)
    names = table.column("repo_name").combine_chunks()
    assert left_of(tmp_path, table.set_column(1, "repo_name", names.cast(type_))) == LEFT


def test_rows_are_counted_on_over_parts_of_a_shard(tmp_path, monkeypatch):
    monkeypatch.setattr(distinct, "_ROWS", 60)
    assert left_of(tmp_path, v2(NAMES)) == LEFT


def test_a_name_that_is_no_text_stops_the_shard(tmp_path):
    broken = pa.array([b"ada/x", b"\xff\xfe/y"], pa.binary()).view(pa.string())
    put(v2(["a/b", "c/d"]).set_column(1, "repo_name", broken), tmp_path / "in/a.parquet")
    listed = exclusions(tmp_path / "list", [rule("ada")])
    with pytest.raises(ShardBroken):
        apply(listed, [tmp_path / "in"], output=tmp_path / "out", options=Options("v2"))
    assert not (tmp_path / "out/a.parquet").exists()

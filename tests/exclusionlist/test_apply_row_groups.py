"""Row groups of which nothing goes keep their bytes, in files of several writers, and readers find everything."""

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigcode_optout.exclusionlist.applying import Options, apply, one_shard, stitching
from bigcode_optout.exclusionlist.applying.stitching import source_of
from bigcode_optout.exclusionlist.applying.thrift_compact import (
    Kind,
    List,
    Value,
    read_struct,
    write_struct,
)
from bigcode_optout.exclusionlist.shards import ShardRefused

from .builders import rule
from .shard_builders import exclusions, put, v1, v2

GROUP = 2_048
"""DuckDB writes row groups of a multiple of so many rows."""
GROUPS = 5


def names() -> list[str | None]:
    """In the groups 1 and 3 somebody's rows stand among others'; group 4 is somebody's alone."""
    held: list[str | None] = [f"o{n % 7}/r{n % 31}" for n in range(GROUP * GROUPS)]
    held[GROUP + 5] = held[3 * GROUP] = held[4 * GROUP - 1] = "Ada/x"
    held[9] = None
    held[4 * GROUP :] = ["ada/y"] * GROUP
    return held


def by_pyarrow(path: Path, **settings: object) -> Path:
    return put(v2(names()), path, row_group_size=GROUP, **settings)


def by_duckdb(path: Path, options: str = "") -> Path:
    path.parent.mkdir(parents=True)
    table = v2(names())
    with duckdb.connect(config={"threads": 1}) as engine:
        engine.register("held", table)
        engine.execute(f"COPY held TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE {GROUP} {options})")
    return path


WRITERS = {
    "pyarrow": by_pyarrow,
    "pyarrow, version 1, gzip": lambda path: by_pyarrow(path, version="1.0", compression="gzip"),
    "pyarrow, pages of version 2": lambda path: by_pyarrow(path, data_page_version="2.0", compression="zstd"),
    "pyarrow, page index": lambda path: by_pyarrow(path, write_page_index=True, data_page_size=512),
    "pyarrow, no dictionaries": lambda path: by_pyarrow(path, use_dictionary=False, compression="none"),
    "pyarrow, checksums": lambda path: by_pyarrow(path, write_page_checksum=True),
    "duckdb": by_duckdb,
    "duckdb, version 2": lambda path: by_duckdb(path, ", PARQUET_VERSION v2, COMPRESSION zstd"),
}


def applied(tmp_path: Path, *rules: object, schema: str = "v2", shared: str = "drop") -> tuple[Path, Path]:
    listed = exclusions(tmp_path / "list", rules or [rule("ada")], shared)
    apply(listed, [tmp_path / "in"], output=tmp_path / "out", options=Options(schema))
    return tmp_path / "in/a.parquet", tmp_path / "out/a.parquet"


def bytes_of(path: Path, group: int) -> bytes:
    source = source_of(path)
    assert source is not None
    begin, end = source.spans[group]
    return path.read_bytes()[begin:end]


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_what_stays_whole_keeps_its_bytes_and_all_is_read(tmp_path, write):
    write(tmp_path / "in/a.parquet")
    old, new = applied(tmp_path)
    stays = [place for place, name in enumerate(names()) if not (name or "").lower().startswith("ada/")]
    before, after = pq.ParquetFile(old), pq.ParquetFile(new)
    assert before.num_row_groups == GROUPS
    kept = [GROUP, GROUP - 1, GROUP, GROUP - 2]
    assert [after.metadata.row_group(n).num_rows for n in range(after.num_row_groups)] == kept
    assert after.metadata.num_rows == len(stays)
    wanted = before.read().take(stays)
    assert pq.ParquetFile(new, page_checksum_verification=True).read().equals(wanted)
    assert after.schema.equals(before.schema)
    assert after.metadata.metadata == before.metadata.metadata
    assert after.metadata.created_by == before.metadata.created_by
    for group in (0, 2):
        assert bytes_of(new, group) == bytes_of(old, group)
    with duckdb.connect() as engine:
        engine.register("wanted", wanted)
        [[differ]] = engine.execute(
            f"SELECT count(*) FROM (FROM wanted EXCEPT ALL FROM '{new}')"  # our own path
        ).fetchall()
        assert differ == 0


def test_every_page_index_leads_to_its_pages(tmp_path):
    by_pyarrow(tmp_path / "in/a.parquet", write_page_index=True, data_page_size=512)
    old, new = map(_pages, applied(tmp_path))
    assert len(old[0][0]) > 1
    for group in (0, 2):
        assert new[group] == old[group]
    # A page begins with its header, and the header with its kind: 0, a page of data.
    assert all(page[:2] == b"\x15\x00" for group in new for column in group for page in column)


def _pages(path: Path) -> list[list[bytes]]:
    """Return what stands where the page indexes say, for each row group and column."""
    source, content = source_of(path), path.read_bytes()
    assert source is not None
    found = []
    for group in source.groups:
        chunks = group[stitching._GROUP_CHUNKS].value.items
        places = [[chunk[field].value for field in stitching._OFFSET_INDEX] for chunk in chunks]
        indexes = [read_struct(content[at : at + size])[1].value.items for at, size in places]
        found.append([[content[p[1].value :][: p[2].value] for p in index] for index in indexes])
    return found


def test_bloom_filters_of_what_stays_whole_still_answer(tmp_path):
    by_duckdb(tmp_path / "in/a.parquet")
    _, new = applied(tmp_path)
    with duckdb.connect() as engine:
        found = engine.execute(
            f"SELECT bloom_filter_excludes FROM parquet_bloom_probe('{new}', 'repo_name', 'o1/r1')"
        ).fetchall()
        absent = engine.execute(
            f"SELECT bloom_filter_excludes FROM parquet_bloom_probe('{new}', 'repo_name', 'nobody/nowhere')"
        ).fetchall()
    assert not any(excludes for (excludes,) in found)
    assert [excludes for (excludes,) in absent][0:3:2] == [True, True]


def test_emptied_holders_touch_only_their_row_group(tmp_path):
    rows = [(f"a{n}/x", f"b{n}/x", None) for n in range(12)]
    rows[6] = ("ada/x", "b6/x", None)
    put(v1(rows), tmp_path / "in/a.parquet", row_group_size=4)
    old, new = applied(tmp_path, schema="v1", shared="keep")
    assert [bytes_of(new, group) == bytes_of(old, group) for group in range(3)] == [True, False, True]
    emptied = pq.read_table(new).column("max_stars_repo_name").to_pylist()
    assert emptied == [None if n == 6 else f"a{n}/x" for n in range(12)]


def test_row_groups_that_go_whole_leave_the_others_as_they_are(tmp_path):
    put(v2(["ada/x"] * 3 + ["b/b"] * 3 + ["ada/y"] * 3), tmp_path / "in/a.parquet", row_group_size=3)
    old, new = applied(tmp_path)
    assert pq.ParquetFile(new).num_row_groups == 1
    assert bytes_of(new, 0) == bytes_of(old, 1)


def test_a_footer_that_is_not_understood_only_costs_time(tmp_path, monkeypatch):
    monkeypatch.setattr("bigcode_optout.exclusionlist.applying.rewriting.source_of", lambda path: None)
    by_pyarrow(tmp_path / "in/a.parquet")
    old, new = applied(tmp_path)
    stays = [place for place, name in enumerate(names()) if not (name or "").lower().startswith("ada/")]
    assert pq.read_table(new).equals(pq.read_table(old).take(stays))
    assert pq.ParquetFile(new).num_row_groups == GROUPS - 1


def test_row_groups_that_stand_in_one_another_are_not_told_apart(tmp_path):
    path = by_pyarrow(tmp_path / "in/a.parquet")
    source, content = source_of(path), path.read_bytes()
    assert source is not None
    first, second = (source.groups[n][stitching._GROUP_CHUNKS].value.items for n in (0, 1))
    first[1], second[1] = second[1], first[1]
    path.write_bytes(_with_footer(content, write_struct(source.footer)))
    assert source_of(path) is None
    old, new = applied(tmp_path)
    assert pq.read_table(new).num_rows == pq.read_table(old).num_rows - GROUP - 3


def _with_footer(content: bytes, footer: bytes) -> bytes:
    size = int.from_bytes(content[-8:-4], "little")
    return content[: -8 - size] + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def test_columns_in_another_file_are_not_taken(tmp_path):
    path = by_pyarrow(tmp_path / "in/a.parquet")
    source, content = source_of(path), path.read_bytes()
    assert source is not None
    source.groups[0][1].value.items[0][1] = Value(Kind.BINARY, b"elsewhere.parquet")
    path.write_bytes(_with_footer(content, write_struct(source.footer)))
    assert source_of(path) is None


def test_nothing_is_left_beside_the_shard_when_writing_fails(tmp_path, monkeypatch):
    by_pyarrow(tmp_path / "in/a.parquet")

    def refuse(*_: object, **__: object) -> None:
        raise ShardRefused("no")

    monkeypatch.setattr("bigcode_optout.exclusionlist.applying.rewriting.stitch", refuse)
    with pytest.raises(ShardRefused):
        applied(tmp_path)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".exclusions-apply"]


def test_what_a_killed_try_left_of_rewritten_row_groups_is_cleared(tmp_path):
    (tmp_path / ".a.parquet.01234567.partial.anew").touch()
    (tmp_path / ".ab.parquet.01234567.partial.anew").touch()
    one_shard.clear_partial(tmp_path / "a.parquet")
    assert [path.name for path in tmp_path.iterdir()] == [".ab.parquet.01234567.partial.anew"]


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_footer_is_written_as_it_was_read(tmp_path, write):
    content = write(tmp_path / "in/a.parquet").read_bytes()
    footer = content[-8 - int.from_bytes(content[-8:-4], "little") : -8]
    assert write_struct(read_struct(footer)) == footer


_LEAVES = {
    Kind.I32: st.integers(-(2**31), 2**31 - 1),
    Kind.I64: st.integers(-(2**63), 2**63 - 1),
    Kind.I16: st.integers(-(2**15), 2**15 - 1),
    Kind.BYTE: st.integers(0, 255),
    Kind.DOUBLE: st.floats(allow_nan=False),
    Kind.BINARY: st.binary(max_size=300),
    Kind.TRUE: st.just(True),
    Kind.FALSE: st.just(False),
}


def _values(kinds: dict[Kind, st.SearchStrategy]) -> st.SearchStrategy:
    return st.one_of(*(held.map(lambda each, kind=kind: Value(kind, each)) for kind, held in kinds.items()))


def _lists(kinds: dict[Kind, st.SearchStrategy]) -> st.SearchStrategy:
    of_bools = st.lists(st.booleans()).map(lambda items: List(Kind.TRUE, items))
    of_kind = (
        st.lists(held, max_size=20).map(lambda items, kind=kind: List(kind, items))
        for kind, held in kinds.items()
        if kind not in (Kind.TRUE, Kind.FALSE)
    )
    return st.one_of(of_bools, *of_kind)


_FLAT = st.dictionaries(st.integers(1, 2**15 - 1), _values(_LEAVES), max_size=6)
_DEEP = st.dictionaries(
    st.integers(1, 40),
    _values({**_LEAVES, Kind.STRUCT: _FLAT, Kind.LIST: _lists({**_LEAVES, Kind.STRUCT: _FLAT})}),
    max_size=6,
)


@given(_DEEP)
def test_any_struct_comes_back(fields):
    assert read_struct(write_struct(fields)) == fields


@given(_DEEP, st.data())
def test_a_struct_that_is_cut_off_is_refused(fields, data):
    encoded = write_struct(fields)
    cut = data.draw(st.integers(0, len(encoded) - 1))
    with pytest.raises((ValueError, IndexError)):
        read_struct(encoded[:cut])

"""Names taken out of their pages are those that a reader of Parquet gives."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigcode_optout.datasetindex.lookup_store import bucket
from bigcode_optout.datasetindex.lookup_store.folder import bucket_file, store_folder
from bigcode_optout.datasetindex.lookup_store.form import Packed, RowMarks
from bigcode_optout.datasetindex.lookup_store.name_pages import find_pages, names_at

from .dataset import built, row

ROWS = 20_000
NAMES = [f"{'OWN' if n % 5 else 'Own'}{n % 400}/r{'x' * (n % 90)}{n}" for n in range(ROWS)]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, _ = built(tmp_path_factory.mktemp("pages"), [row(name) for name in NAMES])
    return folder / "repositories" / "0000.parquet"


def marks_of(file: Path) -> RowMarks:
    return RowMarks(b"", Packed(b"", 0), "H", b"", *find_pages(file))


def column_of(file: Path) -> list[str]:
    return pq.read_table(file, columns=["repo_name"]).column(0).to_pylist()


def names_of(file: Path, rows: list[int]) -> list[str]:
    """Take the names of these rows from their pages."""
    metadata = pq.read_metadata(file)
    stops = np.cumsum([metadata.row_group(each).num_rows for each in range(metadata.num_row_groups)])
    numbers = np.array(sorted(rows), np.int64)
    groups, firsts = np.unique(np.searchsorted(stops, numbers, side="right"), return_index=True)
    cuts = [*firsts.tolist(), len(rows)]
    parts = list(zip(groups.tolist(), cuts[:-1], cuts[1:], strict=True))
    return names_at(memoryview(file.read_bytes()), marks_of(file), numbers, parts).to_pylist()


def test_what_the_build_writes_is_as_a_page_must_be(published: Path) -> None:
    """Else every sweep would silently read the whole column."""
    stored = bucket.BucketFile(bucket_file(store_folder(published.parents[1]), 0)).marks()
    assert pq.read_metadata(published).num_row_groups == 3
    assert (stored.lengths, stored.steps, stored.pages) == find_pages(published)
    assert len(stored.pages)


@given(st.lists(st.integers(0, ROWS - 1), unique=True, max_size=300))
def test_any_rows_have_the_names_of_the_column(published: Path, rows: list[int]) -> None:
    column = column_of(published)
    assert names_of(published, rows) == [column[row] for row in sorted(rows)]


def test_the_first_and_the_last_of_each_page_and_step(published: Path) -> None:
    rows = [0, 1, 63, 64, 65, 8_191, 8_192, 8_255, 8_256, 16_383, 16_384, ROWS - 1]
    column = column_of(published)
    assert names_of(published, rows) == [column[row] for row in rows]


PLAIN: dict[str, Any] = {"use_dictionary": False, "compression": "zstd"}
DELTA = PLAIN | {"column_encoding": {"repo_name": "DELTA_LENGTH_BYTE_ARRAY"}}


@pytest.mark.parametrize(
    ("names", "options"),
    [
        pytest.param(["a/b"] * 50, {"compression": "zstd"}, id="a dictionary"),
        pytest.param(NAMES, PLAIN, id="lengths between the names"),
        pytest.param(NAMES, DELTA | {"compression": "snappy"}, id="another compression"),
        pytest.param(NAMES, DELTA | {"data_page_size": 4_096, "write_batch_size": 64}, id="many pages"),
        pytest.param([*NAMES[:50], None], DELTA, id="a null"),
        pytest.param(NAMES, DELTA | {"row_group_size": 1_000}, id="a row group that begins within a step"),
        pytest.param([*NAMES[:50], "a/" + "b" * 254], DELTA, id="longer than a byte tells"),
    ],
)
def test_a_file_with_another_form_has_no_pages(
    tmp_path: Path, names: list[str | None], options: dict[str, Any]
) -> None:
    path = tmp_path / "other.parquet"
    pq.write_table(pa.table({"repo_name": pa.array(names, pa.string())}), path, **options)
    assert find_pages(path) == (b"", b"", b"")


def test_another_writer_may_write_the_same(tmp_path: Path) -> None:
    path = tmp_path / "other.parquet"
    pq.write_table(pa.table({"repo_name": NAMES}), path, row_group_size=8_000, **DELTA)
    assert names_of(path, [0, 7_999, 8_000, ROWS - 1]) == [NAMES[0], NAMES[7_999], NAMES[8_000], NAMES[-1]]


def test_a_page_that_is_shorter_than_told_is_no_other_name(published: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.parquet"
    pq.write_table(
        pa.table({"repo_name": [name[:3] + name[-3:] for name in NAMES]}),
        other,
        row_group_size=8_192,
        **DELTA,
    )
    told, page = marks_of(published), marks_of(other)
    mixed = replace(told, pages=page.pages)
    with pytest.raises(OSError, match="not what was told"):
        names_at(memoryview(other.read_bytes()), mixed, np.array([8_000]), [(0, 0, 1)])


def test_a_page_with_other_letters_is_no_name(tmp_path: Path) -> None:
    path = tmp_path / "other.parquet"
    pq.write_table(
        pa.table({"repo_name": [f"é/{name}" for name in NAMES]}), path, row_group_size=8_192, **DELTA
    )
    with pytest.raises(OSError, match="not what was told"):
        names_of(path, [8_000])

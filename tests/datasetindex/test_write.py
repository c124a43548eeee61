from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bigcode_optout.datasetindex import IndexBuildError
from bigcode_optout.datasetindex.write import Counts, read_back

Key = tuple[str, str, str, int | None]


def file_of(path: Path, keys: list[Key]) -> Path:
    names = ["owner_key", "repo_key", "repo_name", "repo_id", "files", "bytes"]
    columns = [list(column) for column in zip(*((*key, 2, 3) for key in keys), strict=True)] or [[]] * 6
    types = [pa.string(), pa.string(), pa.string(), pa.int64(), pa.int64(), pa.int64()]
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
    pq.write_table(pa.table(dict(zip(names, arrays, strict=True))), path, row_group_size=2)
    return path


def counted(path: Path) -> Counts:
    with duckdb.connect(config={"threads": 1}) as connection:
        return read_back(connection, path)


def test_a_sorted_file_is_counted(tmp_path: Path) -> None:
    keys = [
        ("a", "a/b", "A/b", None),
        ("a", "a/b", "a/b", None),
        ("a", "a/b", "a/b", 3),
        ("a", "a/c", "A/c", 1),
        ("b", "b/a", "B/a", 1),
    ]
    assert counted(file_of(tmp_path / "f.parquet", keys)) == Counts(5, 2, 10, 15, 3)
    assert counted(file_of(tmp_path / "g.parquet", [])) == Counts()


@pytest.mark.parametrize("wrong", [0, 1, 2, 3])
def test_two_rows_that_changed_places_are_noticed(tmp_path: Path, wrong: int) -> None:
    keys = [
        ("a", "a/b", "A/b", None),
        ("a", "a/b", "a/b", None),
        ("a", "a/b", "a/b", 3),
        ("a", "a/c", "A/c", 1),
        ("b", "b/a", "B/a", 1),
    ]
    keys[wrong], keys[wrong + 1] = keys[wrong + 1], keys[wrong]
    with pytest.raises(IndexBuildError, match="sorted"):
        counted(file_of(tmp_path / "f.parquet", keys))


def test_a_row_that_stands_twice_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(IndexBuildError, match="sorted"):
        counted(file_of(tmp_path / "f.parquet", [("a", "a/b", "a/b", None)] * 2))

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bigcode_optout.datasetindex import IndexBuildError

from .dataset import row, write_rows
from .reading import carried, parts_of


def test_files_of_one_repository_language_and_licence_become_one_part(tmp_path: Path) -> None:
    rows = [row("o/x", length_bytes=size) for size in (1, 2, 3)] + [row("o/x", language="C")] * 2
    parts = parts_of(write_rows(tmp_path / "rows.parquet", rows), "v2")
    assert {part["language"]: (part["files"], part["bytes"]) for part in parts} == {
        "Python": (3, 6),
        "C": (2, 200),
    }
    assert all((part["held_as"], part["is_fork"], part["parent"]) == (0, None, None) for part in parts)


def test_rows_that_do_not_repeat_come_through_one_by_one(tmp_path: Path) -> None:
    rows = [row(f"o/r{number}", github_id=number, star_events_count=number) for number in range(1, 50)]
    parts = parts_of(write_rows(tmp_path / "rows.parquet", rows), "v2")
    assert sorted((part["repo_id"], part["files"], part["stars"]) for part in parts) == [
        (number, 1, number) for number in range(1, 50)
    ]


@pytest.mark.parametrize(
    "missing", ["filename", "github_id", "star_events_count", "length_bytes", "revision_date"]
)
def test_a_column_beyond_the_name_may_be_missing(tmp_path: Path, missing: str) -> None:
    path = write_rows(tmp_path / "rows.parquet", [row("o/x")], without=[missing])
    [part] = parts_of(path, "v2")
    assert (part["repo_name"], part["files"]) == ("o/x", 1)


def test_the_column_filename_of_some_revisions_changes_nothing(tmp_path: Path) -> None:
    plain = write_rows(tmp_path / "plain.parquet", [row("o/x")])
    table = pq.read_table(plain)
    pq.write_table(table.append_column("filename", pa.array(["a.py"])), tmp_path / "more.parquet")
    assert parts_of(plain, "v2") == parts_of(tmp_path / "more.parquet", "v2")


def test_nan_among_float_ids_and_counts_is_none_and_not_another_number(tmp_path: Path) -> None:
    # Few rows with NaN and one large id: the footer then says that every value is that large id.
    nan, large = float("nan"), float(2**53 - 1)
    numbers = ("github_id", "star_events_count", "length_bytes")
    rows = [
        row(f"o/r{n % 7}", **dict.fromkeys(numbers, large if n % 2 else nan), language=f"L{n}")
        for n in range(50)
    ]
    path = write_rows(tmp_path / "rows.parquet", rows, types=dict.fromkeys(numbers, pa.float64()))
    found = {(part["repo_id"], part["stars"], part["bytes"]) for part in parts_of(path, "v2")}
    assert found == {(0, None, 0), (int(large), int(large), int(large))}


def test_a_size_of_unknown_files_is_nothing(tmp_path: Path) -> None:
    rows = [row("o/x", length_bytes=None), row("o/x", length_bytes=5)]
    [part] = parts_of(write_rows(tmp_path / "rows.parquet", rows), "v2")
    assert (part["files"], part["bytes"]) == (2, 5)


def test_what_a_file_carries_is_what_has_a_type(tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "rows.parquet", [row("o/x")], types={"github_id": pa.null()}, without=["language"]
    )
    assert carried(path, "v2") == {
        "repo_name",
        "licences",
        "licence_type",
        "files",
        "bytes",
        "stars",
        "newest",
    }


def test_a_file_with_a_row_for_each_repository_is_not_read_as_one_with_a_row_for_each_file(
    tmp_path: Path,
) -> None:
    pq.write_table(pa.table({"repo_name": ["o/x"], "files": [[{"language": "C"}]]}), tmp_path / "ids.parquet")
    with pytest.raises(IndexBuildError, match="this is the schema v2-ids, not v2"):
        parts_of(tmp_path / "ids.parquet", "v2")

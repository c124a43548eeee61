"""The free space that a build asks for."""

from pathlib import Path

from bigcode_optout.datasetindex.disk import BYTES_A_ROW, FIXED_BYTES, disk_needed
from bigcode_optout.datasetindex.inputs import find_inputs

from .dataset import row, write_rows


def needed(path: Path) -> int:
    return disk_needed(find_inputs([path])) - FIXED_BYTES


def test_files_of_few_repositories_need_no_more_than_a_few_times_what_they_take(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "files.parquet", [row("octo/app")] * 20_000)
    assert needed(path) == 4 * path.stat().st_size < 20_000 * BYTES_A_ROW / 10


def test_a_short_list_with_long_footers_is_counted_by_its_rows(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "repositories.parquet", [row("octo/app"), row("octo/tool")])
    assert needed(path) == 2 * BYTES_A_ROW < path.stat().st_size

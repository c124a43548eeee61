import gzip
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bigcode_optout.datasetindex import IndexBuildError
from bigcode_optout.datasetindex.inputs import find_inputs
from bigcode_optout.datasetindex.readers import AUTO, detect, settle

from .dataset import row, write_rows
from .shapes import SHAPES, convert


def detected(path: Path) -> str:
    [file] = find_inputs([path])
    return detect(file)


def table(path: Path, **columns: Any) -> Path:
    pq.write_table(pa.table({name: [value] for name, value in columns.items()}), path)
    return path


@pytest.mark.parametrize("shape", SHAPES)
def test_the_schema_of_every_version_is_told_from_its_columns(tmp_path: Path, shape: str) -> None:
    source = write_rows(tmp_path / "source.parquet", [row("o/x"), row("p/y")])
    assert detected(convert([source], shape, tmp_path / "other.parquet")) == shape


def test_gzip_json_is_the_old_list_of_names(tmp_path: Path) -> None:
    path = tmp_path / "names"
    path.write_bytes(gzip.compress(b'{"a": ["a/x"]}'))
    assert detected(path) == "username-to-repo"


def test_unknown_columns_are_listed_with_the_known_schemas(tmp_path: Path) -> None:
    path = table(tmp_path / "odd.parquet", repository="o/x", stars=1)
    with pytest.raises(IndexBuildError) as refused:
        detected(path)
    assert str(refused.value) == (
        f"{path} has the columns of no known schema. Its columns are: repository, stars. Known schemas are: "
        "v1, v2, v2-ids, v3, v3-metadata, username-to-repo; name one to read it as such."
    )


def test_a_name_column_alone_is_too_little_to_tell(tmp_path: Path) -> None:
    with pytest.raises(IndexBuildError, match="no known schema"):
        detected(table(tmp_path / "names.parquet", repo_name="o/x"))


def test_columns_of_two_schemas_are_not_guessed_about(tmp_path: Path) -> None:
    path = table(tmp_path / "both.parquet", repo_name="o/x", blob_id="0", max_stars_repo_name="o/x")
    with pytest.raises(IndexBuildError, match="columns of several schemas \\(v1, v2\\)"):
        detected(path)


def test_files_of_two_schemas_are_refused_with_both_names(tmp_path: Path) -> None:
    one = write_rows(tmp_path / "a.parquet", [row("o/x")])
    other = convert([one], "v3", tmp_path / "b.parquet")
    with pytest.raises(IndexBuildError) as refused:
        settle(AUTO, find_inputs([tmp_path]))
    assert str(refused.value) == (
        f"{one} has the schema v2, but {other} has v3. Files of different schemas go into builds of their own."
    )


def test_a_schema_that_was_named_is_taken_as_named(tmp_path: Path) -> None:
    path = table(tmp_path / "names.parquet", repo_name="o/x")
    assert settle("v2", find_inputs([path])) == "v2"
    assert settle(AUTO, find_inputs([write_rows(tmp_path / "rows.parquet", [row("o/x")])])) == "v2"


def test_a_folder_of_gzip_json_gives_its_files_and_parquet_goes_first(tmp_path: Path) -> None:
    path = tmp_path / "names.json.gz"
    path.write_bytes(gzip.compress(b'{"a": ["a/x"]}'))
    assert [file.path for file in find_inputs([tmp_path])] == [path]
    rows = write_rows(tmp_path / "rows.parquet", [row("o/x")])
    assert [file.path for file in find_inputs([tmp_path])] == [rows]

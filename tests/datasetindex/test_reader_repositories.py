import datetime as dt
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bigcode_optout.datasetindex import IndexBuildError
from bigcode_optout.datasetindex.inputs import find_inputs
from bigcode_optout.datasetindex.readers import reader_for

from .reading import carried, parts_of

V3_FILE = pa.struct(
    {
        "content_id": pa.string(),
        "content": pa.string(),
        "size_bytes": pa.int64(),
        "file_path": pa.string(),
        "language": pa.string(),
        "is_vendor": pa.bool_(),
        "license_type": pa.string(),
        "detected_licenses": pa.list_(pa.string()),
    }
)
V3_METADATA = pa.struct(
    {"branch": pa.string(), "is_fork": pa.bool_(), "forked_from": pa.string(), "stars": pa.int32()}
)
V3 = pa.schema(
    {
        "repo_path": pa.string(),
        "repo_id": pa.int64(),
        "commit_id": pa.string(),
        "github_metadata": V3_METADATA,
        "num_files": pa.int64(),
        "files": pa.list_(V3_FILE),
    }
)


def v3_file(**fields: Any) -> dict[str, Any]:
    return {
        "content_id": "0" * 40,
        "content": "pass",
        "size_bytes": 4,
        "file_path": "a.py",
        "language": "Python",
        "is_vendor": False,
        "license_type": "permissive",
        "detected_licenses": ["MIT"],
        **fields,
    }


def repository(name: str, files: Sequence[Mapping[str, Any]] | None = (), **fields: Any) -> dict[str, Any]:
    metadata = {"branch": "main", "is_fork": True, "forked_from": "up/stream", "stars": 3}
    return {
        "repo_path": name,
        "repo_id": 7,
        "commit_id": "c" * 40,
        "github_metadata": metadata,
        "num_files": None if files is None else len(files),
        "files": files,
        **fields,
    }


def write(path: Path, *rows: Mapping[str, Any], schema: pa.Schema = V3, **options: Any) -> Path:
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path, **options)
    return path


def test_the_files_of_a_repository_are_counted_by_language_and_licence(tmp_path: Path) -> None:
    files = [
        v3_file(),
        v3_file(size_bytes=6),
        v3_file(language="C", detected_licenses=[], license_type="no_license"),
    ]
    c, python = parts_of(write(tmp_path / "v3.parquet", repository("o/x", files)), "v3")
    if c["language"] != "C":
        c, python = python, c
    assert (c["files"], c["bytes"], c["licences"], c["licence_type"]) == (1, 4, [], "no_license")
    assert python == {
        "repo_name": "o/x",
        "repo_id": 7,
        "language": "Python",
        "licences": ["MIT"],
        "licence_type": "permissive",
        "files": 2,
        "bytes": 10,
        "stars": 3,
        "newest": None,
        "is_fork": True,
        "parent": "up/stream",
        "held_as": 0,
        "shared_files": 0,
        "other_holders": 0,
    }


def test_a_repository_without_a_list_has_as_many_files_as_its_row_says(tmp_path: Path) -> None:
    rows = [
        repository("o/empty", []),
        repository("o/null", None),
        repository("o/counted", None, num_files=12),
        repository("o/listed", [v3_file()], num_files=99),
    ]
    found = {
        part["repo_name"]: part["files"] for part in parts_of(write(tmp_path / "v3.parquet", *rows), "v3")
    }
    assert found == {"o/empty": 0, "o/null": 0, "o/counted": 12, "o/listed": 1}


def test_null_metadata_null_ids_and_null_files_are_unknown_and_not_an_error(tmp_path: Path) -> None:
    row = repository("o/x", [None, v3_file(language=None)], github_metadata=None, repo_id=None)
    parts = parts_of(write(tmp_path / "v3.parquet", row), "v3")
    assert sum(part["files"] for part in parts) == 2
    assert {(part["repo_id"], part["is_fork"], part["parent"], part["stars"]) for part in parts} == {
        (0, None, None, None)
    }


def test_v3_metadata_has_the_number_of_files_and_nothing_of_them(tmp_path: Path) -> None:
    schema = pa.schema(field for field in V3 if field.name != "files")
    rows = [repository("o/x", None, num_files=5), repository("o/y", None)]
    for row in rows:
        del row["files"]
    path = write(tmp_path / "metadata.parquet", *rows, schema=schema)
    assert carried(path, "v3-metadata") == {"repo_name", "repo_id", "files", "stars", "is_fork", "parent"}
    found = {part["repo_name"]: (part["files"], part["bytes"]) for part in parts_of(path, "v3-metadata")}
    assert found == {"o/x": (5, 0), "o/y": (0, 0)}


def test_fields_may_be_missing_from_the_structs(tmp_path: Path) -> None:
    path = tmp_path / "v3.parquet"
    pq.write_table(pa.table({"repo_path": ["o/x"], "files": [[{"language": "C"}, {"language": "C"}]]}), path)
    assert carried(path, "v3") == {"repo_name", "files", "language"}
    [part] = parts_of(path, "v3")
    assert (part["files"], part["bytes"], part["language"]) == (2, 0, "C")


def test_files_are_counted_by_their_hash_where_nothing_else_is_known_of_them(tmp_path: Path) -> None:
    path = tmp_path / "v3.parquet"
    pq.write_table(
        pa.table({"repo_path": ["o/x"], "files": [[{"content_id": "1"}, {"content_id": "2"}]]}), path
    )
    assert carried(path, "v3") == {"repo_name", "files"}
    assert [part["files"] for part in parts_of(path, "v3")] == [2]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"repo_path": ["o/x"], "num_files": [1]}, "has no column “files” (a list of structs was expected)"),
        ({"name": ["o/x"], "files": [[{"language": "C"}]]}, "has no column “repo_path” (text was expected)"),
        (
            {"repo_path": ["o/x"], "files": [["a.py"]]},
            "“files” is list<element: string>, but a list of structs was",
        ),
        (
            {"repo_path": ["o/x"], "files": [[{"content": "x"}]]},
            "has no column “files.language” (text was expected)",
        ),
        (
            {"repo_path": ["o/x"], "files": [[{"language": 5}]]},
            "column “files.language” is int64, but text was expected",
        ),
        (
            {"repo_path": ["o/x"], "files": [[{"language": "C"}]], "github_metadata": ["{}"]},
            "column “github_metadata” is string, but a struct was expected",
        ),
        (
            {"repo_path": ["o/x"], "files": [[{"language": "C"}]], "github_metadata": [{"is_fork": "yes"}]},
            "column “github_metadata.is_fork” is string, but true or false was expected",
        ),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, columns: dict[str, list[Any]], sentence: str) -> None:
    path = tmp_path / "v3.parquet"
    pq.write_table(pa.table(columns), path)
    with pytest.raises(IndexBuildError) as refused:
        parts_of(path, "v3")
    assert str(refused.value).startswith(str(path))
    assert sentence in str(refused.value)


IDS = pa.schema(
    {
        "repo_name": pa.string(),
        "github_id": pa.float64(),
        "revision_date": pa.timestamp("us"),
        "star_events_count": pa.int64(),
        "num_files": pa.int64(),
        "files": pa.list_(
            pa.struct({"blob_id": pa.string(), "language": pa.string(), "length_bytes": pa.int64()})
        ),
    }
)


def ids_row(name: str, github_id: float | None) -> dict[str, Any]:
    files = [{"blob_id": "b", "language": "C", "length_bytes": 5}] * 2
    return {
        "repo_name": name,
        "github_id": github_id,
        "revision_date": dt.datetime(2022, 5, 6, 23, 59),
        "star_events_count": 2,
        "num_files": 2,
        "files": files,
    }


def test_v2_ids_gives_each_repository_its_files_its_day_and_its_whole_id(tmp_path: Path) -> None:
    rows = [ids_row("o/x", 2.0**53 - 1), ids_row("o/y", float("nan")), ids_row("o/z", None)]
    parts = parts_of(write(tmp_path / "ids.parquet", *rows, schema=IDS), "v2-ids")
    assert {part["repo_name"]: part["repo_id"] for part in parts} == {"o/x": 2**53 - 1, "o/y": 0, "o/z": 0}
    assert {(part["files"], part["bytes"], part["stars"], part["newest"]) for part in parts} == {
        (2, 10, 2, dt.date(2022, 5, 6))
    }


@pytest.mark.parametrize("number", [12.5, 2.0**54, float("inf")])
def test_an_inexact_float_id_is_refused_in_v2_ids_too(tmp_path: Path, number: float) -> None:
    path = write(tmp_path / "ids.parquet", ids_row("o/x", number), schema=IDS)
    with pytest.raises(IndexBuildError, match=r"“github_id” has .*, which is no whole number kept exactly"):
        parts_of(path, "v2-ids")


@pytest.mark.parametrize("is_compliant", [True, False])
def test_the_name_a_writer_gives_to_the_items_of_a_list_does_not_matter(
    tmp_path: Path, is_compliant: bool
) -> None:
    path = write(
        tmp_path / "v3.parquet", repository("o/x", [v3_file()]), use_compliant_nested_type=is_compliant
    )
    assert [part["licences"] for part in parts_of(path, "v3")] == [["MIT"]]


def test_many_batches_and_row_groups_give_each_repository_once(tmp_path: Path) -> None:
    rows = [repository(f"o/r{number}", [v3_file()] * (number % 3)) for number in range(1_500)]
    path = write(tmp_path / "v3.parquet", *rows, row_group_size=400)
    parts = parts_of(path, "v3")
    assert len({part["repo_name"] for part in parts}) == len(parts) == 1_500
    assert sum(part["files"] for part in parts) == 1_500


def _bytes_read() -> int:
    """What this process has had from read calls so far (`rchar` of proc(5))."""
    return int(Path("/proc/self/io").read_text(encoding="ascii").splitlines()[0].split()[1])


def test_the_contents_are_never_read(tmp_path: Path) -> None:
    files = [v3_file(content=os.urandom(50_000).hex()) for _ in range(5)]
    rows = [repository(f"o/r{number}", files) for number in range(40)]
    path = write(tmp_path / "v3.parquet", *rows, row_group_size=20, use_dictionary=False)
    size = path.stat().st_size
    [file] = find_inputs([path])
    with duckdb.connect() as connection:
        before = _bytes_read()
        with reader_for("v3").parts(connection, file) as parts:
            [(counted, summed)] = parts.aggregate("sum(files), sum(bytes)").fetchall()
        read = _bytes_read() - before
    assert (counted, summed) == (200, 800)
    assert size > 5_000_000
    assert read < size // 20


def test_a_file_damaged_in_the_middle_is_named_even_while_it_is_streamed(tmp_path: Path) -> None:
    rows = [repository(f"o/r{number}", [v3_file(language=f"L{number}")]) for number in range(500)]
    path = write(tmp_path / "v3.parquet", *rows)
    damaged = bytearray(path.read_bytes())
    damaged[4 : len(damaged) // 2] = b"\xff" * (len(damaged) // 2 - 4)
    path.write_bytes(damaged)
    with pytest.raises(IndexBuildError, match="could not be read"):
        parts_of(path, "v3")

import os
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bigcode_optout.datasetindex import IndexBuildError
from bigcode_optout.datasetindex.copies import build_copies, disk_needed

from .copies_model import Held, indexed, opened, truth, write_v2
from .shapes import convert

SAMPLE = Path(__file__).parents[2] / "bigcode_optout" / "sandbox" / "dataset" / "v2.1"

HOLDERS = ("max_stars_repo_name", "max_issues_repo_name", "max_forks_repo_name")


def held_by(sources: list[Path], key: str) -> list[Held]:
    table = pa.concat_tables(
        [pq.read_table(path, columns=["repo_name", "github_id", key]) for path in sources]
    )
    return [(row["repo_name"], row["github_id"], row[key]) for row in table.to_pylist()]


def found_by(folder: Path, sources: list[Path], schema: str, owners: set[str]) -> Counter[tuple[object, ...]]:
    index = indexed(folder, sources, schema=schema)
    build_copies(index, sources, schema=schema)
    copies = opened(index)
    return Counter(
        (each.repo_name, each.repo_id, each.files_counted, each.copied_files, each.copy_owners)
        for owner in owners
        for each in copies.of_owner(owner) or []
    )


@pytest.mark.parametrize("shape", ["v2", "v2-ids", "v3"])
def test_every_shape_of_the_sample_gives_the_counts_of_the_plain_model(shape: str, tmp_path: Path) -> None:
    sources = sorted(SAMPLE.glob("*.parquet"))
    # The converted shapes have the sample's other hash of a content under this name.
    files = held_by(sources, "content_id" if shape == "v2" else "blob_id")
    expected = truth(files)
    owners = {name.partition("/")[0].lower() for name, _ in expected}
    given = sources if shape == "v2" else [convert(sources, shape, tmp_path / "in" / "rows.parquet")]
    assert sum(each.copied_files for each in expected.values()) > 0
    assert found_by(tmp_path, given, shape, owners) == Counter(
        (*each, want.files, want.copied_files, want.owners) for each, want in expected.items()
    )


def test_a_content_of_v1_stands_with_each_of_its_three_holders(tmp_path: Path) -> None:
    rows = [
        ("h1", "a/x", "a/x", "a/x"),
        ("h2", "a/x", "b/x", "c/x"),
        ("h3", "a/x", "A/X", None),
        ("h4", "a/y", "b/x/y", "A/z"),
    ]
    columns = list(zip(*rows, strict=True))
    table = pa.table(dict(zip(("hexsha", *HOLDERS), map(list, columns), strict=True)))
    source = tmp_path / "in" / "rows.parquet"
    source.parent.mkdir()
    pq.write_table(table, source)
    assert found_by(tmp_path, [source], "v1", {"a", "b", "c"}) == Counter(
        [
            ("a/x", None, 3, 1, 2),
            ("a/y", None, 1, 0, 0),
            ("A/z", None, 1, 0, 0),
            ("b/x", None, 1, 1, 2),
            ("c/x", None, 1, 1, 2),
        ]
    )


def test_v1_of_the_sample_counts_every_file_that_the_index_counts(tmp_path: Path) -> None:
    sources = sorted(SAMPLE.glob("*.parquet"))
    source = convert(sources, "v1", tmp_path / "in" / "rows.parquet")
    rows = pq.read_table(source, columns=["hexsha", *HOLDERS]).to_pylist()
    # Each different name in a row holds its content; the sample has no row with two spellings of one.
    files: list[Held] = [
        (name, None, row["hexsha"]) for row in rows for name in {row[each] for each in HOLDERS}
    ]
    expected = truth(files)
    owners = {name.partition("/")[0].lower() for name, _ in expected}
    assert found_by(tmp_path, [source], "v1", owners) == Counter(
        (*each, want.files, want.copied_files, want.owners) for each, want in expected.items()
    )


def test_v3_is_read_without_its_contents(tmp_path: Path) -> None:
    heavy = [{"content_id": f"c{n % 3}", "content": os.urandom(50_000).hex()} for n in range(20)]
    table = pa.table({"repo_path": ["a/x", "b/x"], "repo_id": [1, 2], "files": [heavy, heavy]})
    source = tmp_path / "in" / "rows.parquet"
    source.parent.mkdir()
    pq.write_table(table, source)
    index = indexed(tmp_path, [source], schema="v3")
    before = _bytes_read()
    build_copies(index, [source])
    # The index and the scratch files are read too; all of it is a small part of the contents.
    assert _bytes_read() - before < source.stat().st_size // 4
    [found] = opened(index).of_owner("a") or []
    assert (found.files_counted, found.copied_files, found.copy_owners) == (20, 20, 1)


def _bytes_read() -> int:
    [line] = [each for each in Path("/proc/self/io").read_text().splitlines() if each.startswith("rchar")]
    return int(line.partition(":")[2])


def test_a_v3_repository_whose_files_are_not_listed_is_not_measurable(tmp_path: Path) -> None:
    files = [[{"content_id": "p"}], []]
    table = pa.table({"repo_path": ["a/x", "a/y"], "repo_id": [1, 2], "num_files": [1, 9], "files": files})
    source = tmp_path / "in" / "rows.parquet"
    source.parent.mkdir()
    pq.write_table(table, source)
    index = indexed(tmp_path, [source], schema="v3")
    assert build_copies(index, [source]).files_counted == 1
    assert [each.repo_name for each in opened(index).of_owner("a") or []] == ["a/x"]


def test_nan_among_float_ids_is_no_id(tmp_path: Path) -> None:
    table = pa.table(
        {
            "repo_name": ["a/x", "b/x"],
            "github_id": pa.array([float("nan"), 9.0], pa.float64()),
            "content_id": ["p", "p"],
        }
    )
    source = tmp_path / "in" / "rows.parquet"
    source.parent.mkdir()
    pq.write_table(table, source)
    assert found_by(tmp_path, [source], "v2", {"a", "b"}) == Counter(
        [("a/x", None, 1, 1, 1), ("b/x", 9, 1, 1, 1)]
    )


@pytest.mark.parametrize("schema", ["v3-metadata", "username-to-repo"])
def test_a_schema_without_content_ids_is_refused_with_a_sentence(schema: str, tmp_path: Path) -> None:
    with pytest.raises(IndexBuildError, match=f"“{schema}” has no ids of contents.*v1, v2, v2-ids, v3"):
        disk_needed([tmp_path], schema=schema)


def test_a_file_without_the_content_column_is_named(tmp_path: Path) -> None:
    source = write_v2(tmp_path / "in" / "rows.parquet", [("a/x", None, "p")])
    pq.write_table(pq.read_table(source).drop_columns(["content_id"]), source)
    index = indexed(tmp_path, [source])
    with pytest.raises(
        IndexBuildError, match=r"rows\.parquet has no column “content_id” \(text was expected\)"
    ):
        build_copies(index, [source])

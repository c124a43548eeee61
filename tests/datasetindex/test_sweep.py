"""Sweeps by the look-up store's marks of rows find what a join with the owners finds."""

import gc
import itertools
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bigcode_optout.datasetindex import (
    Index,
    IndexBroken,
    buckets,
    few,
    marked,
    open_index,
    rebuild_store,
    write,
)
from bigcode_optout.datasetindex.lookup_store import packing, row_marks
from bigcode_optout.datasetindex.lookup_store.folder import bucket_file, remove_store, store_folder
from bigcode_optout.datasetindex.lookup_store.form import RowMarks
from bigcode_optout.datasetindex.lookup_store.row_marks import AskedMarks, Told

from .dataset import built, row

ROWS = [row(f"{'OWN' if n % 5 else 'Own'}{n % 40}/r{n // 40}", github_id=n + 1) for n in range(800)]
ASKED = {
    "owners": ["own3", "OWN17", "nobody", "own"],
    "repositories": [
        *(f"oWn{n}/R{n % 7}" for n in range(0, 40, 3)),
        *("own3/r1", "own1", "/r1", "own1/", "x" * 200 + "/y", "own1/r1\x00"),
    ],
    "repository_ids": [5, 6, 90_000],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(buckets, "BUCKET_ROWS", 200)
    return built(tmp_path, ROWS)[0]


@pytest.fixture
def expected(folder: Path) -> set[object]:
    wanted = {name.lower() for name in ASKED["repositories"]}
    return {
        (each["repo_name"], each["github_id"])
        for each in ROWS
        if each["repo_name"].lower() in wanted
        or each["repo_name"].lower().partition("/")[0] in ("own3", "own17")
        or each["github_id"] in ASKED["repository_ids"]
    }


@pytest.fixture(autouse=True)
def _few_are_swept_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(few, "FEW", -1)


def test_few_are_looked_up_and_come_out_alike(
    folder: Path, expected: set[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_index(folder) as index:
        swept = set(index.find(**ASKED))
        monkeypatch.setattr(few, "FEW", 200)
    with open_index(folder) as index:
        assert found_in(index) == expected
        assert set(index.find(**ASKED)) == swept
        assert [one.repository.repo_id for one in index.find(repository_ids=[7])] == [7]
        assert list(index.find(repository_ids=[0, -1, 1 << 70])) == list(index.find()) == []
        assert "_published" not in vars(index)
        monkeypatch.setattr(few, "FEW", 2)
        assert found_in(index) == expected
        assert "_published" in vars(index)


def test_a_damaged_store_leaves_few_to_the_published_form(
    folder: Path, expected: set[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(few, "FEW", 200)
    for number in range(4):
        path = bucket_file(store_folder(folder), number)
        path.write_bytes(b"\x00" * 64 + path.read_bytes()[64:])
    with open_index(folder) as index:
        assert found_in(index) == expected
        assert not index.has_store


def found_in(index: Index) -> set[object]:
    rows = list(index.find_rows(**ASKED))
    assert {(match.repository.repo_name, match.by) for match in index.find(**ASKED)} == {
        (name, frozenset(itertools.compress(("owner", "repository", "repository_id"), flags)))
        for name, _, _, _, *flags in rows
    }
    assert len(rows) == len(set(rows))
    return {(name, number) for name, number, *_ in rows}


def test_marks_let_through_what_is_asked_for_and_hardly_more(folder: Path, expected: set[object]) -> None:
    counts: list[int] = []

    def counting(asked: AskedMarks, marks: RowMarks) -> Told:
        told = AskedMarks.told(asked, marks)
        counts.append(len(told.rows))
        return told

    with pytest.MonkeyPatch.context() as patch, open_index(folder) as index:
        patch.setattr(marked, "AskedMarks", type("Counting", (AskedMarks,), {"told": counting}))
        assert found_in(index) == expected
        assert index.has_store
    by_id_alone, sweeps = 2, 2
    assert len(expected) - by_id_alone <= sum(counts) / sweeps <= len(expected)


def test_names_are_compared_whatever_the_marks_say(folder: Path, expected: set[object]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_marks, "_owner_hashes", lambda hashes: np.zeros(len(hashes), np.uint32))
        patch.setattr(row_marks, "_name_marks", lambda hashes: np.zeros(len(hashes), np.uint16))
        rebuild_store(folder, threads=1)
        with open_index(folder) as index:
            assert found_in(index) == expected


def test_without_marks_owners_are_joined(folder: Path, expected: set[object]) -> None:
    remove_store(folder)
    with open_index(folder) as index:
        assert found_in(index) == expected


def test_a_damaged_mark_is_noticed_and_the_sweep_does_without(folder: Path, expected: set[object]) -> None:
    for number in range(4):
        path = bucket_file(store_folder(folder), number)
        content = bytearray(path.read_bytes())
        # The marks are the last section before the tail, which is JSON.
        content[content.rindex(b'{"few_blocks"') - 1] ^= 1
        path.write_bytes(content)
    with open_index(folder) as index:
        assert found_in(index) == expected
        assert not index.has_store


def test_names_are_read_as_a_column_where_their_pages_are_unknown(
    folder: Path, expected: set[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "find_pages", lambda published: (b"", b"", b""))
    rebuild_store(folder, threads=1)
    with open_index(folder) as index:
        assert found_in(index) == expected
        assert index.has_store


def test_buckets_may_be_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "BUCKET_ROWS", 1)
    folder, _ = built(
        tmp_path, [row("Own1/a"), row("own1/B"), *[row("own2/x", path=f"/{n}") for n in range(14)]]
    )
    names = [path for path in (folder / "repositories").iterdir() if not pq.read_metadata(path).num_rows]
    assert names
    with open_index(folder) as index:
        assert {name for name, *_ in index.find_rows(owners=["OWN1"])} == {"Own1/a", "own1/B"}
        assert {name for name, *_ in index.find_rows(repositories=["own2/X"], owners=["nobody"])} == {
            "own2/x"
        }
        assert index.has_store


def test_an_index_may_be_empty(tmp_path: Path) -> None:
    folder, _ = built(tmp_path, [row("no name at all")])
    with open_index(folder) as index:
        assert list(index.find_rows(**ASKED)) == list(index.find(**ASKED)) == []


def test_only_row_groups_with_something_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marked, "ROW_GROUP_ROWS", 1_000)
    monkeypatch.setattr(write, "_OPTIONS", write._OPTIONS.replace("8192", "2048"))
    folder, _ = built(tmp_path, [row(f"own{n:05}/r{n % 3}") for n in range(9_000)])
    read: list[int] = []

    def noting(file: marked._File, columns: Sequence[str], groups: Sequence[int]) -> pa.Table:
        read.extend(groups)
        return reading(file, columns, groups)

    reading = marked._File.read
    monkeypatch.setattr(marked._File, "read", noting)
    with open_index(folder) as index:
        asked = ["own00007/r1", "own04500/R0", "own08999/r2", "own08998/r2"]
        assert {name for name, *_ in index.find_rows(repositories=asked)} == {
            "own00007/r1",
            "own04500/r0",
            "own08999/r2",
        }
        assert sorted(read) == [0, 2, 4]


def test_nothing_is_held_after_closing(folder: Path, expected: set[object]) -> None:
    index = open_index(folder)
    assert found_in(index) == expected
    assert held(folder)
    index.close()
    gc.collect()
    assert not held(folder)


def held(folder: Path) -> list[str]:
    return [file.path for file in psutil.Process().open_files() if file.path.startswith(str(folder))]


def test_a_file_that_was_emptied_is_said(folder: Path) -> None:
    with open_index(folder) as index:
        for path in (folder / "repositories").iterdir():
            path.write_bytes(b"")
        with pytest.raises(IndexBroken, match="Compare its files"):
            list(index.find_rows(**ASKED))


def test_more_files_than_a_process_may_open_at_first(tmp_path: Path) -> None:
    """An index of the size of v3 has 1,024 buckets, and 1,024 is what most systems begin with."""
    script = f"""
import resource
from pathlib import Path
from bigcode_optout.datasetindex import buckets, few, open_index
from tests.datasetindex.dataset import built, row
buckets.BUCKET_ROWS, few.FEW = 4, -1
folder, _ = built(Path({str(tmp_path)!r}), [row(f"own{{n}}/r") for n in range(256)])
resource.setrlimit(resource.RLIMIT_NOFILE, (48, 4_096))
with open_index(folder) as index:
    asked = [f"own{{n}}" for n in range(256)]
    assert sum(1 for _ in index.find_rows(owners=asked)) == 256
    assert all(index.owner_totals(login).repositories == 1 for login in asked) and index.has_store
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr


@pytest.mark.parametrize("has_store", [True, False])
def test_a_page_of_names_that_was_damaged_is_said(folder: Path, has_store: bool) -> None:
    if not has_store:
        remove_store(folder)
    for path in (folder / "repositories").iterdir():
        column = next(
            each
            for group in [pq.read_metadata(path).row_group(0)]
            for each in map(group.column, range(group.num_columns))
            if each.path_in_schema == "repo_name"
        )
        content = bytearray(path.read_bytes())
        end = column.data_page_offset + column.total_compressed_size
        content[end - 40 : end] = bytes(40)
        path.write_bytes(content)
    with (
        open_index(folder) as index,
        pytest.raises(IndexBroken, match=r"cannot be read .* Compare its files"),
    ):
        list(index.find_rows(**ASKED))


def test_an_owner_with_thousands_is_asked_for_some_of_its_names(tmp_path: Path) -> None:
    folder, _ = built(tmp_path, [row(f"Busy/r{n}") for n in range(5_000)])
    with open_index(folder) as index:
        found = {
            name for name, *_ in index.find_rows(repositories=[f"busy/R{n}" for n in range(0, 6_000, 7)])
        }
    assert found == {f"Busy/r{n}" for n in range(0, 5_000, 7)}


def test_a_key_has_the_same_hash_alone_and_among_others() -> None:
    keys = [f"own{n}/r{n}" for n in range(50)] + ["a", "n" * 39 + "/" + "r" * 100]
    together = pa.array(["cut off", *keys])[1:]
    for take in (row_marks.owner_hashes, row_marks.name_marks):
        assert take(together).tolist() == [take(pa.array([key])).item() for key in keys]
        assert take(together.cast(pa.large_string())).tolist() == take(together).tolist()
    assert packing.MAGIC == b"OPTOUTL4"

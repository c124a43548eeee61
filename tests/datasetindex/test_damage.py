"""Files that are changed or vanish while an index is open or lies still. No answer is ever wrong for it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bigcode_optout.datasetindex import Index, IndexBroken, open_index
from bigcode_optout.datasetindex.lookup_store import packing
from bigcode_optout.datasetindex.lookup_store.folder import bucket_file, remove_store, store_folder

from .dataset import built, row

ROWS = [row(f"Own{n % 7}/r{n}", github_id=n + 1, length_bytes=n) for n in range(60)]
ROWS += [row(f"Big/r{n}", github_id=1_000 + n) for n in range(30)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "MANY", 20)
        patch.setattr(packing, "BLOCK_BYTES", 400)
        return built(tmp_path_factory.mktemp("damage"), ROWS)[0]


def answers(index: Index) -> list[object]:
    found: list[object] = [index.owner_page(login, 5) for login in ("own0", "OWN6", "big", "nobody")]
    return [*found, index.repository("own3/R3"), index.repositories_by_id([1, 60, 1_005, 5_000])]


@settings(max_examples=25, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), is_behind=st.booleans())
def test_whatever_bit_of_the_store_is_flipped_the_answers_are_right(
    folder: Path, place: float, bit: int, is_behind: bool
) -> None:
    path = bucket_file(store_folder(folder), 0)
    good = path.read_bytes()
    with open_index(folder) as index:
        expected = answers(index)
        assert index.has_store
    # Most of a file are blocks; what stands behind them is hit as often.
    first = len(good) * 2 // 3 if is_behind else 0
    bad = bytearray(good)
    bad[first + int((len(good) - first) * place)] ^= 1 << bit
    path.write_bytes(bad)
    try:
        with open_index(folder) as index:
            assert answers(index) == expected
    finally:
        path.write_bytes(good)


def ways_to_ask(index: Index) -> list[Callable[[], object]]:
    return [
        lambda: index.owner_totals("own1"),
        lambda: index.owner_page("own1"),
        lambda: index.repository("own1/r1"),
        lambda: index.repositories_by_id([1]),
        lambda: index.languages_of_owner("own1"),
        lambda: list(index.find(owners=["own1"])),
        lambda: list(index.find(repository_ids=[1])),
    ]


@pytest.mark.parametrize("harm", ["damaged", "removed"])
def test_a_published_file_that_is_harmed_while_it_is_open_is_said(
    folder: Path, tmp_path: Path, harm: str
) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "index"))
    remove_store(copy)
    file = copy / "repositories" / "0000.parquet"
    with open_index(copy) as index:
        content = file.read_bytes()
        if harm == "removed":
            file.unlink()
        else:
            file.write_bytes(content[:4] + b"\xff" * (len(content) - 12) + content[-8:])
        for ask in ways_to_ask(index):
            with pytest.raises(IndexBroken, match="cannot be read"):
                ask()


def test_a_closed_index_refuses_every_question(folder: Path) -> None:
    index = open_index(folder)
    index.close()
    copies: list[Callable[[], object]] = [
        lambda: index.copies_of_owner("own1"),
        lambda: index.copies_of_repository("own1/r1"),
    ]
    for ask in [*ways_to_ask(index), *copies]:
        with pytest.raises(IndexBroken, match="was closed"):
            ask()


def test_a_name_that_goes_on_as_a_line_of_the_store_does_is_not_there(folder: Path) -> None:
    with open_index(folder) as index:
        [found] = index.repository("own1/r1")
        assert (found.repo_id, found.files, found.bytes) == (2, 1, 1)
        assert index.repository('own1/r1",2,1,1,"python') == []
        assert index.repository('own1/r1",2') == []

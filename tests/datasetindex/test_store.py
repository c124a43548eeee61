import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bigcode_optout.datasetindex import Index, IndexBroken, Totals, buckets, build, open_index
from bigcode_optout.datasetindex.bucket import BucketDone, BucketJob
from bigcode_optout.datasetindex.lookup_store import packing, rebuilding
from bigcode_optout.datasetindex.lookup_store.folder import bucket_file, remove_store, store_folder
from bigcode_optout.datasetindex.lookup_store.rebuilding import rebuild_store

from .dataset import DATA_DATE, built, row, write_rows

ROWS = [
    row("Octo/big", length_bytes=1_000, language="C", github_id=11),
    row("octo/Many", length_bytes=1, language="Go", github_id=12),
    row("OCTO/Many", length_bytes=2, github_id=12),
    row("octo/none", language=None, github_id=2**40, detected_licenses=None, license_type=None),
    row("other/x", github_id=13, star_events_count=None, revision_date=None),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return built(tmp_path, ROWS)[0]


def without_store(folder: Path) -> Index:
    """The same index, answering from its published form."""
    index = open_index(folder)
    index._store = None
    return index


def answers(index: Index, logins: list[str], names: list[str], ids: list[int]) -> list[object]:
    asked: list[object] = []
    for login in logins:
        asked += [index.owner_totals(login), index.owner_page(login, 3), index.languages_of_owner(login)]
        for sort in ("size", "files", "name"):
            asked.append(index.owner_repositories(login, sort=sort, limit=7, offset=1))
        asked.append(index.owner_repositories(login, name_contains="A"))
    asked += [index.repository(name) for name in names]
    asked.append(index.repositories_by_id(ids))
    return asked


NAMES = st.builds(
    "{}/{}".format,
    st.sampled_from(["a", "A", "a-b", "ab", "b"]),
    st.sampled_from(["x", "X", "ax", "y.z", "-"]),
)
FILES = st.builds(
    row,
    NAMES,
    github_id=st.sampled_from([None, 1, 2, 3, 2**33]),
    length_bytes=st.integers(0, 50),
    language=st.sampled_from([None, "C", 'q"uo\nte', "Go\t", "Ünïcode"]),
    detected_licenses=st.sampled_from([None, [], ["MIT"], ["MIT", "Apache-2.0", "MIT"]]),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(FILES, min_size=1, max_size=40), many=st.sampled_from([2, 100]))
def test_the_store_and_the_published_form_give_the_same_answers(
    tmp_path_factory: pytest.TempPathFactory, files: list[dict[str, object]], many: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        # So few that an owner has blocks of its own, and several of them.
        patch.setattr(packing, "MANY", many)
        patch.setattr(packing, "BLOCK_BYTES", 200)
        folder, _ = built(tmp_path_factory.mktemp("same"), files)
    logins, ids = ["A", "a-b", "ab", "b", "nobody", "a-"], [1, 2, 3, 2**33, 99]
    names = ["a/x", "A-B/AX", "ab/y.z", "b/-", "b/", "nobody/x"]
    with open_index(folder) as index, without_store(folder) as slow:
        assert index.has_store
        assert answers(index, logins, names, ids) == answers(slow, logins, names, ids)
        assert index.has_store


def test_repositories_are_found_by_id(folder: Path) -> None:
    for index in (open_index(folder), without_store(folder)):
        found = index.repositories_by_id([12, 2**40, 5, 0, -1, 2**70])
        assert [(one.repo_id, one.repo_name) for one in found] == [
            (12, "OCTO/Many"),
            (12, "octo/Many"),
            (2**40, "octo/none"),
        ]


def test_an_owner_with_20_000_repositories_in_two_spellings(tmp_path: Path) -> None:
    rows = [
        row(f"{'BUSY' if n % 9 == 0 else 'Busy'}/r{n}", length_bytes=n, github_id=n + 1)
        for n in range(20_000)
    ]
    folder, manifest = built(tmp_path, [*rows, row("bus/y"), row("busy-/y")])
    assert (manifest.repositories, manifest.owners) == (20_002, 3)
    with open_index(folder) as index:
        totals, first = index.owner_page("busy")
        assert totals == Totals(20_000, 20_000, sum(range(20_000)))
        assert [one.bytes for one in first] == list(range(19_999, 19_899, -1))
        assert len(index.owner_repositories("bUSY", limit=30_000)) == 20_000
        [found] = index.repository("busy/R18000")
        assert found.repo_name == "BUSY/r18000"
        assert index.owner_page("bus")[0] == Totals(1, 1, 100)
        assert index.has_store


def test_without_a_store_the_published_form_answers_and_one_line_is_logged(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    remove_store(folder)
    index = open_index(folder)
    assert (index.has_store, index.owner_totals("octo").repositories) == (False, 4)
    [said] = caplog.records
    assert "There is no look-up store" in said.getMessage()


def test_a_store_of_another_build_is_left_alone(folder: Path, tmp_path: Path) -> None:
    other, _ = built(tmp_path / "other", [row("octo/wrong")])
    remove_store(folder)
    store_folder(other).rename(store_folder(folder))
    index = open_index(folder)
    assert not index.has_store
    assert index.owner_totals("octo").repositories == 4


@pytest.mark.parametrize("keep", [0, 5, 100, -1])
def test_a_cut_file_of_the_store_is_noticed_when_opening(folder: Path, keep: int) -> None:
    file = bucket_file(store_folder(folder), 0)
    file.write_bytes(file.read_bytes()[:keep])
    index = open_index(folder)
    assert not index.has_store
    assert index.owner_totals("octo").repositories == 4


@pytest.mark.parametrize("place", [0, 20, -1, -20, -150])
def test_a_changed_byte_is_noticed_when_it_is_read_and_said_once(
    folder: Path, place: int, caplog: pytest.LogCaptureFixture
) -> None:
    file = bucket_file(store_folder(folder), 0)
    content = bytearray(file.read_bytes())
    content[place] ^= 0xFF
    file.write_bytes(content)
    index = open_index(folder)
    assert index.owner_page("octo")[0] == without_store(folder).owner_totals("octo")
    assert index.owner_totals("octo").repositories == 4
    assert not index.has_store
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1
    assert not open_index(folder, verify=True).has_store


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 9, "build_id": "x", "contents": []}'])
def test_a_damaged_manifest_of_the_store_is_noticed(folder: Path, text: str) -> None:
    (store_folder(folder) / "manifest.json").write_text(text)
    index = open_index(folder)
    assert (index.has_store, index.owner_totals("octo").repositories) == (False, 4)


def test_a_store_is_made_anew_from_the_published_form(folder: Path) -> None:
    first = bucket_file(store_folder(folder), 0).read_bytes()
    bucket_file(store_folder(folder), 0).write_bytes(b"damaged")
    rebuild_store(folder)
    assert bucket_file(store_folder(folder), 0).read_bytes() == first
    assert open_index(folder, verify=True).has_store
    assert sorted(path.name for path in folder.parent.iterdir()) == ["index", "index.lookup", "input"]


def test_a_store_is_not_made_of_a_changed_file(folder: Path) -> None:
    before = bucket_file(store_folder(folder), 0).read_bytes()
    manifest = folder / "manifest.json"
    changed = manifest.read_text().replace('"sha256": "', '"sha256": "0', 1)
    manifest.write_text(changed)
    with pytest.raises(IndexBroken, match=r"0000\.parquet is not the file that its manifest names"):
        rebuild_store(folder)
    assert bucket_file(store_folder(folder), 0).read_bytes() == before


def test_the_memory_limit_of_a_rebuild_is_divided_among_its_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buckets, "BUCKET_ROWS", 2)
    folder, manifest = built(tmp_path, ROWS)
    assert len(manifest.contents) > 2
    seen: list[tuple[set[str], int]] = []
    make = rebuilding.make_buckets

    def noted(jobs: Sequence[BucketJob], *, at_once: int) -> Iterator[BucketDone]:
        seen.append(({job.memory_bytes for job in jobs}, at_once))
        return make(jobs, at_once=at_once)

    monkeypatch.setattr(rebuilding, "make_buckets", noted)
    rebuild_store(folder, memory_limit="512MiB", threads=2)
    assert seen == [({256 << 20}, 2)]
    with open_index(folder) as index:
        assert index.has_store and index.owner_totals("octo").repositories == 4


def test_many_buckets_answer_like_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row(f"Owner{n % 97}/r{n}", github_id=n + 1, length_bytes=n) for n in range(1_000)]
    rows += [row(name) for name in (None, "a", "a/b/c", "\u212a/b")]
    one, manifest = built(tmp_path / "one", rows)
    monkeypatch.setattr(buckets, "BUCKET_ROWS", 150)
    source = write_rows(tmp_path / "rows.parquet", rows)
    many = build([source], output=tmp_path / "many", data_date=DATA_DATE)
    assert len(many.contents) == 8
    counted = ("repositories", "owners", "files", "bytes", "refused")
    assert [getattr(many, name) for name in counted] == [getattr(manifest, name) for name in counted]
    logins, names, ids = (
        [f"oWNER{n}" for n in range(97)],
        ["owner3/R100", "owner4/r101"],
        [1, 500, 1_000, 1_001],
    )
    with open_index(one) as index, open_index(tmp_path / "many", verify=True) as sharded:
        expected = answers(index, logins, names, ids)
        assert sharded.has_store
        assert answers(sharded, logins, names, ids) == expected
        assert answers(without_store(tmp_path / "many"), logins[:5], [], ids) == answers(
            index, logins[:5], [], ids
        )
        found = {match.repository for match in sharded.find(owners=logins[:9], repository_ids=ids)}
        assert found == {match.repository for match in index.find(owners=logins[:9], repository_ids=ids)}

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from bigcode_optout.datasetindex import Index, IndexBroken, LanguageShare, Totals, open_index
from bigcode_optout.datasetindex.manifest import sha256_of

from .dataset import built, row

ROWS = [
    *[row("Octo/big", length_bytes=1_000, language="C", github_id=11)] * 3,
    *[row("octo/Many", length_bytes=1, language="Go", github_id=12)] * 9,
    row("Octo/small.tools", length_bytes=50, language="Rust"),
    row("octo-lab/big", length_bytes=5),
    row("kelvin/x", github_id=13),
    row("Zed/last", github_id=14),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return built(tmp_path, ROWS)[0]


@pytest.fixture
def index(folder: Path) -> Index:
    with open_index(folder) as opened:
        yield opened


def test_an_owner_is_found_in_any_letter_case_and_whole(index: Index) -> None:
    assert index.owner_totals("OCTO") == Totals(repositories=3, files=13, bytes=3_059)
    assert index.owner_totals("oct") == index.owner_totals("octo-") == Totals(0, 0, 0)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("size", ["Octo/big", "Octo/small.tools", "octo/Many"]),
        ("files", ["octo/Many", "Octo/big", "Octo/small.tools"]),
        ("name", ["Octo/big", "octo/Many", "Octo/small.tools"]),
    ],
)
def test_an_owners_repositories_come_in_the_order_asked(index: Index, sort: str, expected: list[str]) -> None:
    assert [found.repo_name for found in index.owner_repositories("octo", sort=sort)] == expected


def test_an_owners_repositories_come_in_pages_and_filtered(index: Index) -> None:
    page = index.owner_repositories("octo", sort="name", limit=1, offset=1)
    assert [found.repo_name for found in page] == ["octo/Many"]
    assert [found.repo_name for found in index.owner_repositories("octo", name_contains="TOOL")] == [
        "Octo/small.tools"
    ]
    assert index.owner_repositories("octo", name_contains="octo") == []
    assert index.owner_repositories("octo", name_contains="%") == []
    assert index.owner_repositories("octo", name_contains="too\u2113") == []
    assert index.owner_repositories("octo", limit=0) == []


def test_a_name_with_a_foreign_letter_matches_nothing(index: Index) -> None:
    assert index.owner_totals("kelvin").files == 1
    assert index.owner_totals("\u212aelvin").files == 0
    assert index.owner_repositories("\u212aelvin") == []
    assert index.repository("\u212aelvin/x") == []
    assert list(index.find(owners=["\u212aelvin"], repositories=["\u212aelvin/x"])) == []


def test_odd_texts_are_just_names_that_are_not_there(index: Index) -> None:
    for text in ("", "'; DROP VIEW repositories; --", "octo/", "/", "octo/big/x", "\x00", "octo%"):
        assert index.owner_totals(text) == Totals()
        assert index.repository(text) == []


def test_languages_of_an_owner_are_the_five_largest_and_the_rest(tmp_path: Path) -> None:
    rows = [row(f"o/r{n % 2}", language=f"L{n}", length_bytes=10 + n) for n in range(8)]
    index = open_index(built(tmp_path, [*rows, row("o/r0", language=None, length_bytes=100)])[0])
    shares = index.languages_of_owner("O")
    assert shares == [
        *[LanguageShare(f"L{n}", 1, 10 + n) for n in (7, 6, 5, 4, 3)],
        LanguageShare(None, 4, 133),
    ]
    assert index.languages_of_owner("nobody") == []


def test_find_gives_each_repository_once_with_every_reason(index: Index) -> None:
    matches = index.find(
        owners=["OCTO", "zed"], repositories=["octo/BIG", "Octo-Lab/big"], repository_ids=[12, 13, 99]
    )
    assert {match.repository.repo_name: set(match.by) for match in matches} == {
        "Octo/big": {"owner", "repository"},
        "octo/Many": {"owner", "repository_id"},
        "Octo/small.tools": {"owner"},
        "octo-lab/big": {"repository"},
        "kelvin/x": {"repository_id"},
        "Zed/last": {"owner"},
    }


def test_plain_rows_say_the_same_as_matches(index: Index) -> None:
    asked = {"owners": ["zed"], "repositories": ["octo/BIG", "kelvin/x"], "repository_ids": [12, 13]}
    assert sorted(index.find_rows(**asked)) == [
        ("Octo/big", 11, 3, 3_000, False, True, False),
        ("Zed/last", 14, 1, 100, True, False, False),
        ("kelvin/x", 13, 1, 100, False, True, True),
        ("octo/Many", 12, 9, 9, False, False, True),
    ]


def test_a_sought_repository_among_others_of_its_owner_with_names_as_long_is_found_alone(
    tmp_path: Path,
) -> None:
    long = "n" * 70
    index = open_index(built(tmp_path, [row(f"o/{name}") for name in ("ab", "AC", "abc", long)])[0])
    assert [found[0] for found in index.find_rows(repositories=["O/ac"])] == ["o/AC"]
    # Lengths are told apart up to 64: this one is as long as `o/abcdef` then.
    assert [found[0] for found in index.find_rows(repositories=["o/abcdef", f"O/{long.upper()}"])] == [
        f"o/{long}"
    ]
    assert list(index.find_rows(repositories=["o/abcdef"])) == []


def test_find_by_one_kind_alone(index: Index) -> None:
    assert [match.owner_key for match in index.find(repository_ids=[14])] == ["zed"]
    assert [match.repository.repo_name for match in index.find(repositories=["ZED/LAST"])] == ["Zed/last"]
    assert list(index.find()) == []
    assert list(index.find(repository_ids=[-1, 0, 2**70])) == []


def test_a_brief_find_gives_the_same_repositories_with_names_ids_and_sizes(index: Index) -> None:
    asked = {"owners": ["octo"], "repositories": ["kelvin/x"], "repository_ids": [12, 14]}
    whole = {match.repository.repo_name: match for match in index.find(**asked)}
    brief = {match.repository.repo_name: match for match in index.find(**asked, is_brief=True)}
    assert (
        whole.keys() == brief.keys() == {"Octo/big", "octo/Many", "Octo/small.tools", "kelvin/x", "Zed/last"}
    )
    for name, match in brief.items():
        one, other = match.repository, whole[name].repository
        assert match.by == whole[name].by
        assert (one.repo_id, one.files, one.bytes, one.owner_key, one.repo_key) == (
            other.repo_id,
            other.files,
            other.bytes,
            other.owner_key,
            other.repo_key,
        )
        assert one.languages == ()


def test_find_takes_thousands_at_once_and_agrees_with_single_look_ups(tmp_path: Path) -> None:
    rows = [row(f"Owner{n % 500}/r{n}", github_id=n + 1) for n in range(3_000)]
    index = open_index(built(tmp_path, rows)[0])
    owners = [f"OWNER{n}" for n in range(0, 500, 7)]
    names = [f"owner{n % 500}/R{n}" for n in range(0, 3_000, 5)]
    ids = range(2, 2_000, 3)
    found = list(index.find(owners=owners, repositories=names, repository_ids=ids))
    singly = {each.repo_name for owner in owners for each in index.owner_repositories(owner)}
    singly |= {each.repo_name for name in names for each in index.repository(name)}
    singly |= {f"Owner{(n - 1) % 500}/r{n - 1}" for n in ids}
    assert len(found) == len(singly)
    assert {match.repository.repo_name for match in found} == singly


def test_find_can_be_left_before_its_end(index: Index) -> None:
    matches = index.find(owners=["octo"])
    next(matches)
    matches.close()
    assert index.owner_totals("octo").repositories == 3


def test_many_threads_ask_at_once(index: Index) -> None:
    with ThreadPoolExecutor(8) as pool:
        totals = list(pool.map(lambda _: index.owner_totals("octo").files, range(200)))
        matches = list(pool.map(lambda _: len(list(index.find(owners=["octo"]))), range(50)))
    assert set(totals) == {13}
    assert set(matches) == {3}


def test_an_index_used_before_a_fork_works_in_parent_and_child(index: Index) -> None:
    assert index.owner_totals("octo").files == 13
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, str(index.owner_totals("octo").files).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        assert answer.read() == "13"
    os.waitpid(child, 0)
    assert index.owner_totals("octo").files == 13


def test_the_connection_reads_its_own_file_and_nothing_else(index: Index, folder: Path) -> None:
    cursor = index._published.connections.cursor()
    for sql in (
        f"SELECT * FROM read_text('{folder / 'manifest.json'}')",
        "COPY (SELECT 1) TO 'x.parquet'",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
    ):
        with pytest.raises(duckdb.Error):
            cursor.execute(sql)


def test_a_closed_index_says_so(folder: Path) -> None:
    index = open_index(folder)
    index.close()
    with pytest.raises(IndexBroken, match="closed"):
        index.owner_totals("octo")


def test_an_index_can_be_moved_and_opened_elsewhere(folder: Path, tmp_path: Path) -> None:
    moved = folder.rename(tmp_path / "moved [1]")
    assert open_index(moved, verify=True).owner_totals("octo").files == 13


def test_a_folder_without_manifest_is_no_index(tmp_path: Path, folder: Path) -> None:
    (folder / "manifest.json").unlink()
    for place in (folder, tmp_path / "nowhere"):
        with pytest.raises(IndexBroken, match=r"manifest\.json is missing"):
            open_index(place)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"format": 1}', '{"format": 99}', "\x00"])
def test_a_damaged_manifest_is_said(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text)
    with pytest.raises(IndexBroken, match="damaged or of another format"):
        open_index(folder)


def test_a_manifest_cannot_lead_out_of_its_folder(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["contents"][0]["name"] = "../elsewhere.parquet"
    path.write_text(json.dumps(manifest))
    with pytest.raises(IndexBroken, match="does not name"):
        open_index(folder)


def test_a_missing_or_shorter_file_is_said(folder: Path) -> None:
    data = folder / "repositories" / "0000.parquet"
    whole = data.read_bytes()
    data.write_bytes(whole[:-10])
    with pytest.raises(IndexBroken, match=r"has [\d,]+ bytes, but the manifest says [\d,]+"):
        open_index(folder)
    data.unlink()
    with pytest.raises(IndexBroken, match="is missing"):
        open_index(folder)


def test_a_changed_byte_is_found_when_verifying(folder: Path) -> None:
    data = folder / "repositories" / "0000.parquet"
    content = bytearray(data.read_bytes())
    content[10] ^= 1
    data.write_bytes(content)
    with pytest.raises(IndexBroken, match="was changed"):
        open_index(folder, verify=True)


def test_a_file_of_zeros_and_another_number_of_rows_are_said(folder: Path) -> None:
    data = folder / "repositories" / "0000.parquet"
    size, sha256 = data.stat().st_size, sha256_of(data)
    manifest = folder / "manifest.json"
    table = pq.read_table(data)
    data.write_bytes(b"\0" * size)
    with pytest.raises(IndexBroken, match="cannot be read as Parquet"):
        open_index(folder)
    pq.write_table(table.slice(1), data)
    text = manifest.read_text().replace(f'"bytes": {size},', f'"bytes": {data.stat().st_size},')
    manifest.write_text(text.replace(sha256, sha256_of(data)))
    with pytest.raises(IndexBroken, match="has 5 repositories, but its manifest says 6"):
        open_index(folder, verify=True)

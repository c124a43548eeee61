import datetime as dt
import json
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bigcode_optout.datasetindex import BuildProgress, build, open_index
from bigcode_optout.names import split_full_name
from tests.names.vectors import REPOSITORIES

from .dataset import DATA_DATE, built, row, write_rows

FULL_NAMES = [*REPOSITORIES["valid"], *REPOSITORIES["invalid"]]
OCTO = [
    row("Octo/app", length_bytes=10, language="Python", star_events_count=3),
    row("Octo/app", length_bytes=30, language="C", detected_licenses=["MIT", "Apache-2.0"]),
    row("octo/tools", length_bytes=5, license_type="no_license", detected_licenses=[]),
    row("Other/app", length_bytes=7),
]


def test_each_repository_gets_its_files_bytes_languages_licences_stars_and_newest_day(tmp_path: Path) -> None:
    rows = [
        *OCTO,
        row("Octo/app", length_bytes=1, language=None, revision_date=dt.datetime(2023, 5, 6, 23, 59, 59)),
    ]
    folder, _ = built(tmp_path, rows)
    [found] = open_index(folder).repository("octo/APP")
    assert found.as_dict() == {
        "repo_name": "Octo/app",
        "owner_key": "octo",
        "repo_key": "octo/app",
        "repo_id": None,
        "files": 3,
        "bytes": 41,
        "languages": [
            {"language": "C", "files": 1, "bytes": 30},
            {"language": "Python", "files": 1, "bytes": 10},
        ],
        "licences": ["MIT", "Apache-2.0"],
        "licence_types": ["permissive"],
        "stars": 3,
        "is_fork": None,
        "newest": "2023-05-06",
        "parent": None,
        "held_as": [],
        "shared_files": None,
        "other_holders": None,
    }
    json.dumps(found.as_dict())


def test_the_manifest_says_what_is_in_the_index(tmp_path: Path) -> None:
    folder, manifest = built(tmp_path, OCTO, dataset="the-stack", version="v2.1")
    assert (manifest.repositories, manifest.owners, manifest.files, manifest.bytes) == (3, 2, 4, 52)
    assert (manifest.dataset, manifest.version, manifest.schema) == ("the-stack", "v2.1", "v2")
    assert (manifest.data_date, manifest.deduplicated) == (DATA_DATE, "exact")
    assert manifest.has_sizes
    assert not manifest.has_repository_ids
    assert open_index(folder, verify=True).manifest == manifest
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "repositories"]
    assert [path.name for path in (folder / "repositories").iterdir()] == ["0000.parquet"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_same_rows_give_the_same_index_in_any_order_and_any_number_of_files(tmp_path: Path) -> None:
    _, whole = built(tmp_path, OCTO)
    for number, each in enumerate(reversed(OCTO)):
        write_rows(tmp_path / "shards" / f"{number}.parquet", [each])
    sharded = build([tmp_path / "shards"], output=tmp_path / "other", data_date=DATA_DATE)
    assert sharded == whole
    assert sharded.build_id == whole.build_id


def test_totals_per_owner_equal_a_plain_count_over_the_source(tmp_path: Path) -> None:
    owners = ["alpha", "Alpha", "ALPHA", "beta-x", "Beta-X", "gamma--", "d_delta2"]
    rows = [
        row(f"{owner}/r{i % 7}", length_bytes=i * 13, github_id=i % 3 or None)
        for i in range(400)
        for owner in owners
    ]
    folder, _ = built(tmp_path, rows)
    counted = duckdb.execute(
        "SELECT lower(split_part(repo_name, '/', 1)), count(DISTINCT (repo_name, coalesce(github_id, -1))), "
        "count(*), sum(length_bytes) FROM read_parquet(?) GROUP BY 1",
        [str(tmp_path / "input" / "rows.parquet")],
    ).fetchall()
    assert len(counted) == 4
    with open_index(folder) as index:
        for owner, repositories, files, size in counted:
            totals = index.owner_totals(owner)
            assert (totals.repositories, totals.files, totals.bytes) == (repositories, files, size)


def test_the_file_is_sorted_by_owner_name_spelling_and_id(tmp_path: Path) -> None:
    names = ["b/x", "B/a", "a-b/z", "a/z", "A/Z", "a/b", "a.b/c"]
    folder, _ = built(tmp_path, [row(name, github_id=number) for name in names for number in (2, None, 1)])
    table = pq.read_table(folder / "repositories")
    keys = [
        (each["owner_key"], each["repo_key"], each["repo_name"], each["repo_id"] or 0)
        for each in table.select(["owner_key", "repo_key", "repo_name", "repo_id"]).to_pylist()
    ]
    assert keys == sorted(keys)
    assert len(keys) == len(set(keys)) == 18  # a.b is no login


def test_malformed_names_are_counted_by_kind_and_never_merged_into_a_real_name(tmp_path: Path) -> None:
    malformed = {
        None: "null",
        "": "empty",
        "a": "no_slash",
        "a/b/c": "too_many_slashes",
        "\u212a/b": "not_ascii",
        "k/\u212a": "not_ascii",
        "k/b\x07": "control_character",
        "k/b\n": "control_character",
        "k/b c": "space",
        "k/": "not_a_name",
        "k/..": "not_a_name",
        "Ghost/x": "ghost",
        "k/" + "r" * 101: "too_long",
        "k" * 40 + "/r": "too_long",
    }
    rows = [row(name) for name in malformed] + [row("K/b"), row("\u212a/b")]
    folder, manifest = built(tmp_path, rows)
    assert {kind: (counts.names, counts.files) for kind, counts in manifest.refused.items()} == {
        "control_character": (2, 2),
        "empty": (1, 1),
        "ghost": (1, 1),
        "no_slash": (1, 1),
        "not_a_name": (2, 2),
        "not_ascii": (2, 3),
        "null": (1, 1),
        "space": (1, 1),
        "too_long": (2, 2),
        "too_many_slashes": (1, 1),
    }
    assert (manifest.repositories, manifest.files) == (1, 1)
    [found] = open_index(folder).owner_repositories("k")
    assert (found.repo_name, found.files) == ("K/b", 1)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.one_of(st.text(max_size=12), st.sampled_from(FULL_NAMES)), min_size=1))
def test_the_index_takes_exactly_the_names_that_split(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    folder, manifest = built(tmp_path_factory.mktemp("names"), [row(name) for name in names])
    kept = {each["repo_name"] for each in pq.read_table(folder / "repositories").to_pylist()}
    assert kept == {name for name in names if split_full_name(name)}
    assert sum(counts.names for counts in manifest.refused.values()) == len(set(names) - kept)


def test_ids_are_kept_exactly_from_whole_numbers_and_from_floats(tmp_path: Path) -> None:
    large = 2**53 - 1
    floats = [row("o/float", github_id=float(large)), row("o/nan", github_id=float("nan"))]
    write_rows(tmp_path / "in" / "a.parquet", floats, types={"github_id": pa.float64()})
    write_rows(
        tmp_path / "in" / "b.parquet",
        [row("o/whole", github_id=2**60 + 1), row("o/none"), row("o/zero", github_id=0)],
    )
    write_rows(tmp_path / "in" / "c.parquet", [row("o/small", github_id=7)], types={"github_id": pa.int32()})
    write_rows(tmp_path / "in" / "d.parquet", [row("o/untyped")], types={"github_id": pa.null()})
    manifest = build([tmp_path / "in"], output=tmp_path / "index", data_date=DATA_DATE)
    assert manifest.has_repository_ids
    found = open_index(tmp_path / "index").owner_repositories("o")
    assert {each.repo_name: each.repo_id for each in found} == {
        "o/float": large,
        "o/nan": None,
        "o/whole": 2**60 + 1,
        "o/none": None,
        "o/zero": None,
        "o/small": 7,
        "o/untyped": None,
    }


def test_a_name_with_two_ids_stands_twice(tmp_path: Path) -> None:
    folder, _ = built(
        tmp_path, [row("o/x", github_id=1), row("o/x", github_id=2), row("o/x"), row("O/x", github_id=1)]
    )
    found = open_index(folder).repository("o/x")
    assert [(each.repo_name, each.repo_id) for each in found] == [
        ("O/x", 1),
        ("o/x", None),
        ("o/x", 1),
        ("o/x", 2),
    ]


def test_columns_beyond_the_name_may_be_missing_and_the_order_is_free(tmp_path: Path) -> None:
    source = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"extra": [1], "repo_name": ["o/x"]}), source)
    manifest = build([source], output=tmp_path / "index", data_date=DATA_DATE)
    assert not manifest.has_sizes
    [found] = open_index(tmp_path / "index").repository("o/x")
    assert (found.files, found.bytes, found.languages, found.licences, found.stars, found.newest) == (
        1,
        0,
        (),
        (),
        None,
        None,
    )


def test_only_five_languages_and_licences_are_kept_the_largest_first(tmp_path: Path) -> None:
    rows = [row("o/x", language=f"L{n}", length_bytes=n, detected_licenses=[f"X-{n}"] * 2) for n in range(8)]
    folder, _ = built(tmp_path, [*rows, row("o/x", language=None, detected_licenses=["X-7"])])
    [found] = open_index(folder).repository("o/x")
    assert [share.language for share in found.languages] == ["L7", "L6", "L5", "L4", "L3"]
    assert found.licences == ("X-7", "X-0", "X-1", "X-2", "X-3")


def test_a_file_named_twice_counts_once(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in" / "rows.parquet", OCTO)
    manifest = build(
        [source, source.parent, source.parent / "*.parquet"], output=tmp_path / "index", data_date=DATA_DATE
    )
    assert manifest.files == len(OCTO)


def test_brackets_quotes_and_stars_in_a_path_are_just_letters(tmp_path: Path) -> None:
    odd = tmp_path / "we[i]rd 'folder'*"
    source = write_rows(odd / "r?w.parquet", OCTO)
    build([source], output=odd / "in[d]ex", data_date=DATA_DATE)
    assert open_index(odd / "in[d]ex").owner_totals("octo").files == 3
    # A word of our own SQL, too.
    build([source], output=odd / "SEARCH SEMI JOIN" / "index", data_date=DATA_DATE)
    assert open_index(odd / "SEARCH SEMI JOIN" / "index").owner_totals("octo").files == 3


def test_progress_goes_from_nothing_to_all_bytes(tmp_path: Path) -> None:
    seen: list[BuildProgress] = []
    built(tmp_path, OCTO, on_progress=seen.append)
    read = [step for step in seen if step.total]
    assert read[0].done == 0
    assert read[-1].done == read[-1].total == (tmp_path / "input" / "rows.parquet").stat().st_size

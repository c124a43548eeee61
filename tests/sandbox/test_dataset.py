"""The shipped sample holds the personas' story, in The Stack v2's schema, and can be made again."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset
import pytest

from bigcode_optout.sandbox.state import fold
from bigcode_optout.sandbox.world_file import load_world
from tests.samples.make_sample import invented_rows, make
from tests.samples.plan import GONE
from tests.samples.schema import SCHEMA

FOLDER = Path(__file__).parents[2] / "bigcode_optout" / "sandbox" / "dataset"
VERSIONS = ("v2.0", "v2.1")


def shipped(version: str) -> pa.Table:
    return pyarrow.dataset.dataset(FOLDER / version).to_table()


def names_of(version: str, owner: str) -> set[str]:
    names = shipped(version)["repo_name"].to_pylist()
    return {name for name in names if name and fold(name).startswith(f"{owner}/")}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_columns_are_those_of_the_dataset_card(version: str) -> None:
    assert shipped(version).schema.equals(SCHEMA)
    assert len(SCHEMA) == 26


def test_it_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*.parquet")) < 700_000


@pytest.mark.parametrize("version", VERSIONS)
def test_the_invented_rows_are_exactly_those_of_the_script(version: str) -> None:
    made = pa.Table.from_pylist(invented_rows(version), schema=SCHEMA).to_pylist()
    there = {row["blob_id"]: row for row in shipped(version).to_pylist()}
    assert [row for row in made if there[row["blob_id"]] != row] == []


def test_making_it_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make(tmp_path / name)
    files = sorted(
        path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*") if path.is_file()
    )
    assert len(files) == 6
    for path in files:
        assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes()


@pytest.mark.parametrize(
    ("owner", "before", "now"),
    [
        ("quillon-marsh", 9, 14),
        ("fennwick", 5, 6),
        ("brindle-fenn", 0, 0),
        ("larkspur-dev", 4, 4),
        ("hale-ostrander", 2, 2),
        ("norrvik-instruments", 15, 18),
        ("low-tide-club", 2, 2),
        ("wren-abernathy", 1, 1),
        ("odalys-brook", 0, 0),
        ("pemberly-quiet", 0, 0),
        ("moss-kettering", 5, 5),
        ("harrow-and-pine", 2, 3),
        ("skerry-archive", 60, 120),
        ("corvid-lane", 2, 2),
        ("jackdaw-post", 1, 1),
        ("tamsin-vale", 2, 2),
        ("holman", 0, 1),
        ("satori", 1, 1),
    ],
)
def test_each_persona_is_in_it_as_the_story_says(owner: str, before: int, now: int) -> None:
    assert (len(names_of("v2.0", owner)), len(names_of("v2.1", owner))) == (before, now)


def test_ids_stand_in_the_newer_version_only_and_not_for_all() -> None:
    assert shipped("v2.0")["github_id"].null_count == shipped("v2.0").num_rows
    rows = shipped("v2.1").select(["repo_name", "github_id"]).to_pylist()
    without = {row["repo_name"] for row in rows if row["github_id"] is None}
    assert {"quillon-marsh/dotfiles", "quillon-marsh/saltmarsh.example", "holman/dotfiles"} <= without
    assert sum(name is not None and fold(name).startswith("quillon-marsh/") for name in without) == 2


def test_ids_are_those_of_the_world_or_of_what_is_gone() -> None:
    world = load_world()
    for row in shipped("v2.1").select(["repo_name", "github_id"]).to_pylist():
        if row["github_id"] is None:
            continue
        repository = world.repositories.get(row["github_id"])
        if row["repo_name"] in GONE:
            assert repository is None
        else:
            found = world.repository(row["repo_name"]) or world.moved_to(row["repo_name"])
            assert found is repository


def test_no_repository_is_younger_than_the_data(tmp_path: Path) -> None:
    for row in pa.Table.from_pylist(invented_rows("v2.1"), schema=SCHEMA).to_pylist():
        assert row["gha_created_at"] < row["revision_date"] < datetime(2023, 9, 6)
        assert row["visit_date"] < datetime(2023, 9, 6)


def test_malformed_names_are_there_to_be_refused() -> None:
    counts = Counter(shipped("v2.1")["repo_name"].to_pylist())
    assert counts[None] == counts["a/b/c"] == counts["moss-\u212aettering/bog-lamp"] == 1
    assert shipped("v2.0")["repo_name"].null_count == 1


def test_no_path_stands_twice_in_a_repository() -> None:
    for version in VERSIONS:
        rows = shipped(version).select(["repo_name", "path"]).to_pylist()
        assert len(rows) == len({(row["repo_name"], row["path"]) for row in rows})

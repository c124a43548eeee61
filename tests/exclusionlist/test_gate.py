"""The gate fails when a planned release, as shards or as an index, holds anything that a list covers."""

import json
import shutil
from datetime import date

import pytest

from bigcode_optout.datasetindex import build
from bigcode_optout.exclusionlist.__main__ import main
from bigcode_optout.exclusionlist.shards import InputRefused, ShardBroken, ShardRefused
from bigcode_optout.exclusionlist.verifying import gate

from .builders import rule
from .shard_builders import exclusions, put, v1, v2
from .test_apply_records import COMMITS, EVENTS, conversations

RULES = [rule("ADA"), rule("Bob/Y"), rule("old/name", repo_id=12)]
V3 = v2(["Ada/x", "c/c", "new/name"], [1, 2, 12]).rename_columns(["a", "repo_path", "repo_id", "c", "n"])
SHARDS = {
    "v1": (v1([("c/c", None, "ada/x"), ("c/c", None, None), ("bob/y", "c/c", None)]), 2),
    "v2": (v2(["ADA/x", "bob/Y", "new/name", "c/c", None], [1, 2, 12, 3, None]), 3),
    "v3": (V3, 2),
    "commits": (COMMITS, 3),
    "conversations": (conversations(), 7),
}


@pytest.mark.parametrize("name", SHARDS)
def test_shards_of_each_schema_are_told_by_their_columns_and_looked_through(tmp_path, name):
    table, covered = SHARDS[name]
    put(table, tmp_path / "plan/a.parquet")
    report = gate(exclusions(tmp_path / "list", RULES), [tmp_path / "plan"])
    assert report["schemas"] == ["issues" if name == "conversations" else name]
    assert (report["rows_found"], report["passed"]) == (covered, False)
    assert gate(exclusions(tmp_path / "other", [rule("nobody")]), [tmp_path / "plan"])["passed"]


def test_shards_of_several_schemas_are_looked_through_together(tmp_path):
    for name in ("v1", "v2"):
        put(SHARDS[name][0], tmp_path / f"plan/{name}.parquet")
    report = gate(exclusions(tmp_path / "list", RULES), [tmp_path / "plan"])
    assert report["schemas"] == ["v1", "v2"] and report["rows_found"] == 5
    assert report["by_kind"] == {
        "owner": {"exclusions": 1, "rows": 2, "events": 0},
        "repository": {"exclusions": 2, "rows": 3, "events": 0},
    }


def test_columns_that_fit_two_schemas_or_none_are_not_guessed_at(tmp_path):
    listed = exclusions(tmp_path / "list", RULES)
    put(EVENTS, tmp_path / "events.parquet")
    with pytest.raises(ShardRefused, match="commits or issues"):
        gate(listed, [tmp_path / "events.parquet"])
    assert gate(listed, [tmp_path / "events.parquet"], schema="issues")["rows_found"] > 0
    put(v2(["a/a"]).drop_columns(["repo_name"]), tmp_path / "bare.parquet")
    with pytest.raises(ShardRefused, match="those of none"):
        gate(listed, [tmp_path / "bare.parquet"])


@pytest.fixture
def index(tmp_path):
    """The desk's own index of a planned version, as its builder publishes it."""
    put(v2(["Ada/x", "Ada/x", "c/c", "new/name", "d/d"], [1, 1, 2, 12, None]), tmp_path / "in/a.parquet")
    folder = tmp_path / "index"
    build([tmp_path / "in"], output=folder, data_date=date(2023, 9, 6), schema="v2")
    return folder


def test_an_index_is_looked_through_by_name_and_by_number(tmp_path, index):
    report = gate(exclusions(tmp_path / "list", RULES), [index])
    assert (report["schemas"], report["rows_scanned"], report["rows_found"]) == (["index"], 4, 2)
    assert {line["name_key"] for line in report["findings"]} == {"ada", "old/name"}
    assert gate(exclusions(tmp_path / "other", [rule("a")]), [index])["passed"]


def test_two_indexes_in_folders_of_one_name_are_both_looked_through(tmp_path, index):
    put(v2(["c/c"]), tmp_path / "clean.parquet")
    clean, full = tmp_path / "a/index", tmp_path / "b/index"
    build([tmp_path / "clean.parquet"], output=clean, data_date=date(2023, 9, 6), schema="v2")
    shutil.copytree(index, full)
    listed = exclusions(tmp_path / "list", RULES)
    for order in ([clean, full], [full, clean]):
        report = gate(listed, order)
        assert (report["passed"], report["rows_scanned"], report["rows_found"]) == (False, 5, 2)
    places = {shard["name"] for line in report["findings"] for shard in line["shards"]}
    assert places and all(place.startswith(full.as_posix()) for place in places)


def test_what_is_given_twice_opens_no_gate(tmp_path, index):
    with pytest.raises(InputRefused, match="Two shards have the name"):
        gate(exclusions(tmp_path / "list", [rule("nobody")]), [index, index])


def test_an_index_knows_its_data_date(tmp_path, index):
    for day, found in ((date(2023, 9, 5), 0), (date(2023, 9, 6), 1)):
        listed = exclusions(tmp_path / f"list-{day}", [rule("ada", name_valid_until=day)])
        assert gate(listed, [index])["rows_found"] == found
    with pytest.raises(InputRefused, match="stands for 2023-09-06, not for 2024-01-01"):
        gate(listed, [index], data_date=date(2024, 1, 1))
    with pytest.raises(InputRefused, match="data date"):
        gate(listed, [tmp_path / "in"])


def test_an_index_that_is_not_whole_opens_no_gate(tmp_path, index):
    listed = exclusions(tmp_path / "list", [rule("nobody")])
    shutil.copytree(index, tmp_path / "copy")
    bucket = next((tmp_path / "copy/repositories").iterdir())
    put(v2(["c/c"]).rename_columns(["a", "repo_name", "repo_id", "c", "d"]), bucket)
    with pytest.raises(ShardBroken, match="SHA-256 differs"):
        gate(listed, [tmp_path / "copy"])
    bucket.unlink()
    with pytest.raises(ShardBroken, match="cannot be read"):
        gate(listed, [tmp_path / "copy"])
    for content in (b"{}", b"[", b'{"format": 2}'):
        (tmp_path / "copy/manifest.json").write_bytes(content)
        with pytest.raises(InputRefused, match=r"index"):
            gate(listed, [tmp_path / "copy"])


def words(tmp_path, *more: object) -> list[str]:
    return ["gate", "--list", str(tmp_path / "list"), *map(str, more)]


def test_the_command_prints_what_it_found_and_fails(tmp_path, capsys, index):
    exclusions(tmp_path / "list", RULES)
    assert main(words(tmp_path, index, "--names", "1")) == 1
    said = capsys.readouterr()
    assert said.out.split()[:5] == ["owner", "1", "exclusions", "1", "rows"]
    assert "  ada " in said.out and "and 1 more" in said.out and "old/name" not in said.out
    assert said.err == "2 exclusions of release v3.2 cover 2 rows and 0 single events of what is planned.\n"
    assert main(words(tmp_path, index, "--names", "0")) == 1
    assert "ada" not in capsys.readouterr().out
    assert main(words(tmp_path, index, "--json")) == 1
    assert json.loads(capsys.readouterr().out)["by_kind"]["repository"]["exclusions"] == 1


def test_the_command_succeeds_only_when_everything_was_read(tmp_path, capsys):
    exclusions(tmp_path / "list", RULES)
    put(v2(["c/c", "d/d"]), tmp_path / "plan/a.parquet")
    assert main(words(tmp_path, tmp_path / "plan")) == 0
    assert capsys.readouterr().out == "Nothing that release v3.2 excludes is in 2 rows of 1 files.\n"
    (tmp_path / "plan/b.parquet").write_bytes(b"PAR1")
    (tmp_path / "bare").mkdir()
    for given in (tmp_path / "plan", tmp_path / "bare", tmp_path / "none"):
        assert main(words(tmp_path, given)) == 1
        said = capsys.readouterr()
        assert said.out == "" and said.err.count("\n") == 1

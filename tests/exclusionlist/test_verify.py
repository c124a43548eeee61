"""The check that nothing excluded is left: it must see what is there, and see it without apply's code."""

import ast
import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bigcode_optout.exclusionlist import verifying
from bigcode_optout.exclusionlist.__main__ import main
from bigcode_optout.exclusionlist.applying import Options, apply, layout
from bigcode_optout.exclusionlist.shards import InputRefused, Shard, ShardBroken, ShardRefused
from bigcode_optout.exclusionlist.verifying import Check, verify
from bigcode_optout.exclusionlist.verifying.columns import CONVERSATIONS, EVENT, PLACES
from bigcode_optout.exclusionlist.verifying.comparing import Comparison
from bigcode_optout.exclusionlist.verifying.scanning import scan

from .builders import full_names, lists_of_rules, rule
from .shard_builders import exclusions, put, v1, v2
from .test_apply_holders import ROWS
from .test_apply_records import COMMITS, EVENTS, conversations

SHARDS = {
    "v1": v1(ROWS),
    "v2": v2(["ADA/x", "b/b", "new/name", None, "\N{KELVIN SIGN}x/x"], [1, 2, 12, 12, None]),
    "v2-ids": v2(["ADA/x", "b/b", "new/name"], [1, 2, 12]).append_column("num_files", pa.array([1, 2, 3])),
    "v3": v2(["ADA/x", "b/b"], [1, 12]).rename_columns(["a", "repo_path", "repo_id", "c", "num_files"]),
    "commits": COMMITS,
    "issues": EVENTS,
    "conversations": conversations(),
    "large": conversations(pa.large_list),
}
NAMED_ROWS = st.tuples(st.none() | full_names, st.none() | st.integers(1, 5))
RULES = [
    rule("Ada"),
    rule("BOB/Y"),
    rule("old/name", repo_id=12),
    rule("carol", ("issues",)),
    rule("bob/pull"),
]


@pytest.mark.parametrize("name", SHARDS)
def test_it_finds_nothing_after_apply_and_before_it_exactly_what_apply_reports(tmp_path, name):
    schema = "issues" if name in ("conversations", "large") else name
    listed = exclusions(tmp_path / "list", RULES)
    put(pa.concat_tables([SHARDS[name]] * 3), tmp_path / "in/lang=C/a.parquet", row_group_size=4)
    put(SHARDS[name], tmp_path / "in/b.parquet")
    report = apply(listed, [tmp_path / "in"], output=tmp_path / "out", options=Options(schema))
    (tmp_path / "a.json").write_text(json.dumps(report))
    check = Check(schema, unfiltered=(tmp_path / "in",), apply_report=tmp_path / "a.json")
    result = verify(listed, [tmp_path / "out"], check)
    assert result["findings"] == [] and result["passed"]
    assert (
        result["control"]["agrees"]
        and result["control"]["rows_found"] == report["totals"]["rows_removed"] > 0
    )
    before = verify(listed, [tmp_path / "in"], Check(schema))
    assert not before["passed"]
    assert before["rows_left"] == report["totals"]["rows_removed"]
    assert before["events_left"] == report["totals"]["events_removed"]


def test_after_keep_no_holder_is_left_and_the_control_counts_emptied_rows(tmp_path):
    listed = exclusions(tmp_path / "list", [rule("ada"), rule("ada/y")], "keep")
    put(v1(ROWS), tmp_path / "in/a.parquet")
    report = apply(listed, [tmp_path / "in"], output=tmp_path / "out", options=Options("v1"))
    (tmp_path / "a.json").write_text(json.dumps(report))
    check = Check("v1", unfiltered=(tmp_path / "in",), apply_report=tmp_path / "a.json")
    result = verify(listed, [tmp_path / "out"], check)
    assert result["passed"] and result["rows_scanned"] == 5 and result["control"]["rows_found"] == 5


@pytest.mark.parametrize("spelling", ["ada/x", "ADA/X", "aDa/x", "Ada/anything.git"])
def test_one_row_that_was_put_back_is_found_in_any_spelling(tmp_path, spelling):
    listed = exclusions(tmp_path / "list", RULES)
    put(v2(["b/b"] * 500 + [spelling] + ["c/c"] * 500), tmp_path / "out/a.parquet", row_group_size=300)
    result = verify(listed, [tmp_path / "out"], Check("v2"))
    [finding] = result["findings"]
    assert (finding["name_key"], finding["rows"], result["rows_left"], result["passed"]) == (
        "ada",
        1,
        1,
        False,
    )
    assert finding["shards"] == [{"name": "a.parquet", "rows": 1, "events": 0, "first_row": 500}]


@pytest.mark.parametrize("type_", [pa.float64(), pa.uint64(), pa.int32()])
def test_numbers_are_found_and_absent_ones_are_none(tmp_path, type_):
    absent = float("nan") if pa.types.is_floating(type_) else None
    ids = pa.array([12, absent, 13, absent], type_, from_pandas=False)
    put(v2(["a/a"] * 4).set_column(2, "github_id", ids), tmp_path / "a.parquet")
    rules = [rule("old/name", repo_id=number) for number in (12, 2**62, 2**63 - 1)]
    listed = exclusions(tmp_path / "list", rules)
    assert verify(listed, [tmp_path / "a.parquet"], Check("v2"))["rows_left"] == 1


@pytest.mark.parametrize("encoding", ["DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
def test_names_are_found_in_encodings_of_which_no_dictionary_can_be_made(tmp_path, encoding):
    rows = v2(["b/b", "ADA/x", None])
    put(rows, tmp_path / "a.parquet", use_dictionary=False, column_encoding={"repo_name": encoding})
    listed = exclusions(tmp_path / "list", [rule("ada")])
    assert verify(listed, [tmp_path / "a.parquet"], Check("v2"))["rows_left"] == 1


def test_look_alikes_and_rows_without_names_are_nobodys(tmp_path):
    names = ["\N{KELVIN SIGN}elvin/x", "ＡＤＡ/x", None, "", "ada", "/", "ghost/x", "kelvin2/x"]
    put(v2(names), tmp_path / "a.parquet")
    listed = exclusions(tmp_path / "list", [rule("kelvin"), rule("ada")])
    assert verify(listed, [tmp_path / "a.parquet"], Check("v2"))["passed"]


def test_a_list_of_no_rules_passes_and_says_what_was_read(tmp_path):
    put(v2(["ada/x", "b/b"]), tmp_path / "in/a.parquet")
    put(v2([]).cast(v2(["x/y"]).schema), tmp_path / "in/b.parquet")
    listed = exclusions(tmp_path / "list", [])
    result = verify(listed, [tmp_path / "in"], Check("v2", dataset_version="v2.1"))
    assert (result["files"], result["rows_scanned"], result["passed"]) == (2, 2, True)
    assert result["list_sha256"] == listed.manifest.canonical_sha256
    assert (result["dataset_version"], result["date"]) == ("v2.1", date.today().isoformat())


def test_dates_count_as_they_do_for_apply_and_must_be_said(tmp_path):
    listed = exclusions(tmp_path / "list", [rule("ada", name_valid_until=date(2023, 9, 6))])
    put(v2(["ada/x"]), tmp_path / "a.parquet")
    found = {
        day: verify(listed, [tmp_path / "a.parquet"], Check("v2", data_date=date(2023, 9, day)))["rows_left"]
        for day in (5, 6, 7)
    }
    assert found == {5: 1, 6: 1, 7: 0}
    with pytest.raises(InputRefused, match="data date"):
        verify(listed, [tmp_path / "a.parquet"], Check("v2"))


@pytest.fixture
def applied(tmp_path):
    listed = exclusions(tmp_path / "list", [rule("ada"), rule("bob-x")])
    put(v2(["ada/x", "ADA/y", "bob-x/z", "c/c"]), tmp_path / "in/a.parquet")
    report = apply(listed, [tmp_path / "in"], output=tmp_path / "out", options=Options("v2"))
    (tmp_path / "a.json").write_text(json.dumps(report))
    return listed


def controlled(tmp_path) -> Check:
    return Check("v2", unfiltered=(tmp_path / "in",), apply_report=tmp_path / "a.json")


def test_the_control_disagrees_when_apply_reports_what_was_not_there(tmp_path, applied):
    report = json.loads((tmp_path / "a.json").read_text())
    report["exclusions"][0]["rows_removed"] += 1
    (tmp_path / "a.json").write_text(json.dumps(report))
    result = verify(applied, [tmp_path / "out"], controlled(tmp_path))
    assert result["findings"] == [] and not result["passed"]
    assert result["control"]["exclusions_that_differ"] == [{"of": 0, "reported": (3, 0), "found": (2, 0)}]


def test_the_control_disagrees_when_the_unfiltered_input_or_the_output_is_another(tmp_path, applied):
    put(v2(["c/c"]), tmp_path / "in/a.parquet")
    assert not verify(applied, [tmp_path / "out"], controlled(tmp_path))["passed"]
    put(v2(["c/c"]), tmp_path / "out/more.parquet")
    result = verify(applied, [tmp_path / "out"], controlled(tmp_path))
    assert result["control"]["shards_not_in_both"] == ["more.parquet"]


def test_a_report_of_another_run_is_refused(tmp_path, applied):
    other = exclusions(tmp_path / "other", [rule("carol")])
    with pytest.raises(InputRefused, match="list_sha256"):
        verify(other, [tmp_path / "out"], controlled(tmp_path))
    with pytest.raises(InputRefused, match="needs both"):
        verify(applied, [tmp_path / "out"], Check("v2", unfiltered=(tmp_path / "in",)))
    (tmp_path / "a.json").write_text("[]")
    with pytest.raises(InputRefused, match="is not a report of apply"):
        verify(applied, [tmp_path / "out"], controlled(tmp_path))


@pytest.mark.parametrize("schema", ["v1", "v3", "issues"])
def test_a_shard_of_another_schema_proves_nothing(tmp_path, applied, schema):
    with pytest.raises(ShardRefused, match="lacks"):
        verify(applied, [tmp_path / "out"], Check(schema))


def test_a_shard_that_cannot_be_read_proves_nothing(tmp_path, applied):
    path = tmp_path / "out/a.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ShardBroken, match=r"a\.parquet"):
        verify(applied, [tmp_path / "out"], Check("v2"))


def test_the_command_fails_when_something_is_left_and_writes_the_report_first(tmp_path, capsys, applied):
    end = ["--list", str(tmp_path / "list"), "--schema", "v2", "--report", str(tmp_path / "r.json")]
    assert main(["verify", str(tmp_path / "in"), *end]) == 1
    assert "2 exclusions still cover 3 rows" in capsys.readouterr().err
    assert len(json.loads((tmp_path / "r.json").read_text())["findings"]) == 2
    control = ["--unfiltered", str(tmp_path / "in"), "--apply-report", str(tmp_path / "a.json")]
    assert main(["verify", str(tmp_path / "out"), *end, *control]) == 0
    assert "Nothing excluded is left in 1 rows" in capsys.readouterr().out
    assert json.loads((tmp_path / "r.json").read_text())["control"]["agrees"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists_of_rules, st.lists(NAMED_ROWS, min_size=1, max_size=12))
def test_what_it_finds_is_what_the_rules_say_one_by_one(tmp_path, rules, rows):
    day = date(2020, 1, 1)
    path = put(v2([name for name, _ in rows], [number for _, number in rows]), tmp_path / "x.parquet")
    expected: dict[int, int] = {}
    for number, each in enumerate(rules):
        in_time = each.name_valid_until is None or day <= each.name_valid_until
        for name, repo_id in rows:
            folded = (name or "").casefold()
            named = in_time and each.name.casefold() in (folded, folded.split("/")[0])
            if each.files and (named or (each.repo_id is not None and each.repo_id == repo_id)):
                expected[number] = expected.get(number, 0) + 1
    comparison = Comparison(rules, scope_kind="files", data_date=day)
    found = scan(comparison, Shard("x.parquet", path), schema="v2").by_rule
    assert {number: left.rows for number, left in found.items()} == expected


def imported_by(package: Path) -> set[str]:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in package.glob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {node.module or "" for node in nodes} | {alias.name for node in nodes for alias in node.names}


def test_the_verifier_imports_nothing_of_apply_and_nothing_that_matches():
    imported = imported_by(Path(verifying.__file__).parent)
    assert {"rules", "reader"} <= {module.rpartition(".")[2] for module in imported}
    assert not {name for name in imported if "applying" in name or "names" in name or "duckdb" in name}


@pytest.mark.parametrize("schema", layout.SCHEMAS)
def test_both_look_into_the_same_columns_though_each_has_its_own_table(schema):
    known = layout.LAYOUTS[schema]
    groups = (known.columns, *known.one_of, known.optional, known.logins)
    theirs = {column.name for column in sum(groups, ())}
    assert set(PLACES[schema].all()) == theirs
    listed = layout.CONVERSATIONS
    assert set(CONVERSATIONS.all()) == {c.name for c in (*sum(listed.one_of, ()), *listed.optional)}
    assert set(EVENT.all()) == {*layout.EVENT_LOGINS, *(c.name for c in layout.EVENT_REPOSITORIES)}

"""Which rows go, and that no other row does."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bigcode_optout.exclusionlist.applying import Options, apply
from bigcode_optout.exclusionlist.applying.columns import locate
from bigcode_optout.exclusionlist.applying.engine import Engine
from bigcode_optout.exclusionlist.applying.matching import Tables, find_rows
from bigcode_optout.exclusionlist.shards import InputRefused
from bigcode_optout.exclusionlist.verifying import Check, gate, verify
from bigcode_optout.names import fold

from ..names.vectors import FOLD
from .builders import full_names, lists_of_rules, rule
from .shard_builders import exclusions, filtered, put, v2

KELVIN = "\N{KELVIN SIGN}elvin"


def left(table: pa.Table) -> list[str | None]:
    return table.column("repo_name").to_pylist()


def test_an_owner_goes_with_all_repositories_in_any_spelling_and_nobody_else(tmp_path):
    names = ["ada/x", "ADA/y", "Ada/x.git", "ada-two/x", "x/ada", "bob/ada", "adaa/x"]
    assert left(filtered(tmp_path, [rule("Ada")], v2(names), "v2")) == [
        "ada-two/x",
        "x/ada",
        "bob/ada",
        "adaa/x",
    ]


def test_a_repository_goes_by_name_in_any_spelling_and_its_neighbours_stay(tmp_path):
    names = ["ada/x", "ADA/X", "ada/xx", "ada/x.git", "bob/x", "ada/x/y"]
    assert left(filtered(tmp_path, [rule("Ada/x")], v2(names), "v2")) == names[2:]


def test_a_repository_goes_by_its_number_whatever_its_name(tmp_path):
    table = v2(["new/name", None, "c/c", "d/d"], [12, 12, 13, None])
    assert left(filtered(tmp_path, [rule("old/name", repo_id=12)], table, "v2")) == ["c/c", "d/d"]


def test_an_owners_number_is_never_compared_with_a_repositorys(tmp_path):
    table = v2(["a/a", "b/b"], [7, 11])
    rules = [rule("Ada", owner_id=7), rule("Bob/x", owner_id=11, repo_id=5)]
    assert left(filtered(tmp_path, rules, table, "v2")) == ["a/a", "b/b"]


@pytest.mark.parametrize("type_", [pa.float64(), pa.float32(), pa.uint64(), pa.int32()])
def test_numbers_are_compared_as_numbers_and_nan_is_none(tmp_path, type_):
    absent = float("nan") if pa.types.is_floating(type_) else None
    ids = pa.array([12, absent, 13, 12, absent], type_, from_pandas=False)
    table = v2(["a/a", "b/b", "c/c", "d/d", "e/e"]).set_column(2, "github_id", ids)
    # With a NaN in them, DuckDB 2.0.0 made of the others an invented number; every candidate must stay.
    rules = [rule("old/name", repo_id=number) for number in (12, 1, 2**62, 2**63 - 1)]
    assert left(filtered(tmp_path, rules, table, "v2")) == ["b/b", "c/c", "e/e"]


def test_a_fraction_is_nobodys_number(tmp_path):
    table = v2(["a/a", "b/b", "c/c"], [12.4, 11.5, float("inf")], pa.float64())
    assert filtered(tmp_path, [rule("old/name", repo_id=12)], table, "v2").num_rows == 3


def test_names_with_foreign_letters_never_match(tmp_path):
    names = [f"{KELVIN}/x", "\N{CYRILLIC SMALL LETTER A}da/x", "ＡＤＡ/x", "kelvin/x"]
    rules = [rule("kelvin"), rule("Ada"), rule("kelvin/x")]
    assert left(filtered(tmp_path, rules, v2(names), "v2")) == names[:3]


ODD = {
    "ada/flas\N{KELVIN SIGN}": False,
    "ada/x\N{COMBINING ACUTE ACCENT}": False,
    "ada/\N{CYRILLIC SMALL LETTER A}": False,
    "ada/": True,
    "ada/x/y": True,
    "ada/a b": True,
    "ada//x": True,
    "ada": False,
    "/ada": False,
    " ada/x": False,
}
"""Whether an owner's rule covers it: never with a letter beyond ASCII, else by what stands before the first slash."""


def test_apply_verify_and_gate_agree_about_names_that_no_repository_has(tmp_path):
    rules = [rule("ada"), rule("ada/flask"), rule("ada/x")]
    stays = [name for name, is_covered in ODD.items() if not is_covered]
    assert left(filtered(tmp_path, rules, v2([*ODD]), "v2")) == stays
    listed = exclusions(tmp_path / "other", rules)
    put(v2([*ODD]), tmp_path / "odd/a.parquet")
    assert verify(listed, [tmp_path / "odd"], Check("v2"))["rows_left"] == sum(ODD.values())
    assert gate(listed, [tmp_path / "odd"])["rows_found"] == sum(ODD.values())


@pytest.mark.parametrize("guid", ["ada/pull/7", "ada/x/pull/", "ada/x/pull/7/8", "ada/x/pull/x", "pull/7"])
def test_apply_and_verify_agree_about_malformed_names_of_pull_requests(tmp_path, guid):
    listed = exclusions(tmp_path / "list", [rule("ada", ("commits",)), rule("ada/x", ("commits",))])
    put(pa.table({"pull_request.guid": [guid, "ada/x/pull/7", "b/b/pull/7"]}), tmp_path / "in/a.parquet")
    report = apply(listed, [tmp_path / "in"], output=tmp_path / "out", options=Options("commits"))
    found = verify(listed, [tmp_path / "in"], Check("commits"))
    assert report["totals"]["rows_removed"] == found["rows_left"]
    assert verify(listed, [tmp_path / "out"], Check("commits"))["passed"]


def test_rows_without_a_name_and_odd_names_stay(tmp_path):
    names = [None, "", "/", "ada", "/ada", "//", " ada/x", "ghost/x"]
    assert left(filtered(tmp_path, [rule("ada")], v2(names), "v2")) == names


def test_the_shared_vectors_fold_in_the_filter_too(tmp_path):
    texts = [vector["text"] for vector in FOLD if "/" not in str(vector["text"])]
    listed = [rule(text) for text in {"octo-lab", "kelvin", "stanbul", "sam"}]
    table = filtered(tmp_path, listed, v2([f"{text}/x" for text in texts]), "v2")
    assert left(table) == [f"{text}/x" for text in texts if text != "octo-lab"]


def test_a_rule_for_other_records_does_not_touch_files(tmp_path):
    rules = [rule("ada", ("commits",)), rule("bob-x", ("issues",)), rule("carol", ("files",))]
    assert left(filtered(tmp_path, rules, v2(["ada/x", "bob-x/x", "carol/x"]), "v2")) == ["ada/x", "bob-x/x"]


@pytest.mark.parametrize(("day", "stays"), [(date(2023, 9, 6), False), (date(2023, 9, 7), True)])
def test_a_name_holds_up_to_its_date_and_the_number_beside_it_always(tmp_path, day, stays):
    rules = [
        rule("ada", name_valid_until=date(2023, 9, 6)),
        rule("bob-x/y", repo_id=5, name_valid_until=date(2023, 9, 6)),
    ]
    table = v2(["ada/x", "bob-x/y", "next/holder"], [1, 2, 5])
    expected = ["ada/x", "bob-x/y"] if stays else []
    assert left(filtered(tmp_path, rules, table, "v2", data_date=day)) == expected


def test_without_the_data_date_a_list_with_dated_names_is_refused(tmp_path):
    listed = exclusions(tmp_path / "list", [rule("ada", name_valid_until=date(2023, 9, 6))])
    put(v2(["ada/x"]), tmp_path / "in/a.parquet")
    with pytest.raises(InputRefused, match="--data-date"):
        apply(listed, [tmp_path / "in"], output=tmp_path / "out", options=Options("v2"))
    assert not (tmp_path / "out").exists()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lists_of_rules, st.lists(st.tuples(st.none() | full_names, st.none() | st.integers(1, 5)), max_size=12)
)
def test_what_goes_is_what_the_rules_say_one_by_one(tmp_path, rules, rows):
    day = date(2020, 1, 1)
    path = put(v2([name for name, _ in rows], [number for _, number in rows] or None), tmp_path / "x.parquet")

    def is_covered(name, number):
        for each in rules:
            if not each.files:
                continue
            if each.repo_id is not None and each.repo_id == number:
                return True
            in_time = each.name_valid_until is None or day <= each.name_valid_until
            shown = fold(name or "")
            if in_time and each.name_key in (shown, shown.partition("/")[0]):
                return True
        return False

    with Engine(rules, Options("v2", data_date=day), spill=tmp_path / "spill") as engine:
        tables = Tables(engine.cursor)
        with pq.ParquetFile(path) as opened:
            located = locate("v2", opened.schema_arrow, name="x")
            is_hit = find_rows(tables, engine.asked, opened, path, located, keep_shared=False)
        wanted = "SELECT row FROM rows WHERE NOT is_kept"
        found = {row for (row,) in tables.cursor().execute(wanted).fetchall()} if is_hit else set()
    assert found == {place for place, row in enumerate(rows) if is_covered(*row)}


def test_a_limit_too_small_for_the_list_is_no_fault_of_a_shard(tmp_path):
    rules = [rule(f"owner-{number}") for number in range(20_000)]
    small = Options("v2", memory_limit="1MB")
    with (
        Engine(rules, small, spill=tmp_path / "spill") as engine,
        pytest.raises(InputRefused, match="DuckDB could not be started"),
    ):
        engine.cursor()

"""Version 1: up to three repositories hold a row."""

import pyarrow as pa
import pytest

from bigcode_optout.exclusionlist.applying import Options, apply
from bigcode_optout.exclusionlist.shards import ShardRefused

from .builders import rule
from .shard_builders import HOLDERS, exclusions, filtered, put, v1

ROWS = [
    ("ada/x", "bob/x", "bob/x"),
    ("bob/x", "ADA/x", None),
    ("bob/x", "bob/x", "ada/x"),
    ("ada/x", "ada/x", "ada/y"),
    ("ada/x", None, None),
    ("bob/x", None, "carol/x"),
    (None, None, None),
]


def names(table: pa.Table) -> list[tuple[str | None, ...]]:
    columns = [table.column(f"max_{holder}_repo_name").to_pylist() for holder in HOLDERS]
    return list(zip(*columns, strict=True))


def test_drop_takes_the_row_whichever_holder_is_covered(tmp_path):
    assert names(filtered(tmp_path, [rule("Ada")], v1(ROWS), "v1")) == ROWS[5:]


def test_keep_empties_the_covered_holder_and_drops_what_nobody_else_holds(tmp_path):
    table = filtered(tmp_path, [rule("Ada")], v1(ROWS), "v1", shared_content="keep")
    assert names(table) == [
        (None, "bob/x", "bob/x"),
        ("bob/x", None, None),
        ("bob/x", "bob/x", None),
        *ROWS[5:],
    ]
    first = table.slice(0, 1).to_pylist()[0]
    assert [first[f"max_stars_{part}"] for part in ("repo_path", "repo_licenses", "count")] == [None] * 3
    assert (first["max_issues_repo_path"], first["max_issues_count"]) == ("/a.py", 3)
    assert first["hexsha"] == f"{0:040x}"


@pytest.mark.parametrize(
    ("choice", "removed", "both"),
    [("drop", 5, {"removed": 3, "emptied": 0}), ("keep", 2, {"removed": 0, "emptied": 3})],
)
def test_the_report_has_both_counts_for_rows_with_another_holder(tmp_path, choice, removed, both):
    listed = exclusions(tmp_path / "list", [rule("ada"), rule("ada/y")], choice)
    put(v1(ROWS), tmp_path / "in/a.parquet")
    report = apply(listed, [tmp_path / "in"], output=tmp_path / "out", options=Options("v1"))
    assert report["totals"]["rows_removed"] == removed
    assert report["totals"]["rows_with_another_holder"] == both
    assert report["shared_content"] == choice
    lines = {line["name_key"]: (line["rows_removed"], line["rows_emptied"]) for line in report["exclusions"]}
    assert lines == {"ada": (removed, both["emptied"]), "ada/y": (1, 0)}


def test_keep_refuses_a_schema_that_forbids_empty_holders(tmp_path):
    table = v1(ROWS)
    required = [field.with_nullable(field.name != "max_stars_count") for field in table.schema]
    put(table.cast(pa.schema(required)), tmp_path / "in/a.parquet")
    listed = exclusions(tmp_path / "list", [rule("ada")], "keep")
    with pytest.raises(ShardRefused, match=r"max_stars_count.*cannot be emptied"):
        apply(listed, [tmp_path / "in"], output=tmp_path / "out", options=Options("v1"))
    assert not list((tmp_path / "out").glob("*.parquet"))

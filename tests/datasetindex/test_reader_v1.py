from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bigcode_optout.datasetindex import IndexBuildError
from bigcode_optout.names import match_key

from .reading import carried, parts_of

HOLDERS = ("stars", "issues", "forks")


def content(*names: str | None, size: int = 10, **fields: Any) -> dict[str, Any]:
    """One v1 row with the repositories of most stars, issues and forks."""
    row = {f"max_{kind}_repo_name": name for kind, name in zip(HOLDERS, names, strict=True)}
    licences = {f"max_{kind}_repo_licenses": ["MIT"] for kind in HOLDERS}
    return {**row, **licences, "hexsha": "0" * 40, "size": size, "lang": "C", "max_stars_count": 7, **fields}


def write(folder: Path, *rows: Mapping[str, Any]) -> Path:
    path = folder / "v1.parquet"
    pq.write_table(pa.Table.from_pylist(list(rows)), path)
    return path


def by_name(folder: Path, *rows: Mapping[str, Any]) -> dict[str | None, dict[str, Any]]:
    parts = parts_of(write(folder, *rows), "v1")
    named = {part["repo_name"]: part for part in parts}
    assert len(named) == len(parts)
    return named


def test_each_holder_has_the_content_with_its_attribution_and_its_own_licences(tmp_path: Path) -> None:
    row = content("a/s", "b/i", "c/f", max_issues_repo_licenses=["ISC"], max_forks_repo_licenses=None)
    parts = by_name(tmp_path, row)
    assert {name: part["held_as"] for name, part in parts.items()} == {"a/s": 1, "b/i": 2, "c/f": 4}
    assert {name: part["licences"] for name, part in parts.items()} == {
        "a/s": ["MIT"],
        "b/i": ["ISC"],
        "c/f": None,
    }
    assert all((part["files"], part["bytes"], part["language"]) == (1, 10, "C") for part in parts.values())


def test_stars_are_those_of_the_holder_with_most_stars_only(tmp_path: Path) -> None:
    parts = by_name(tmp_path, content("a/s", "b/i", "a/s"))
    assert {name: part["stars"] for name, part in parts.items()} == {"a/s": 7, "b/i": None}


def test_a_repository_named_twice_or_thrice_in_one_row_has_the_content_once(tmp_path: Path) -> None:
    parts = by_name(tmp_path, content("a/s", "A/S", "b/f"), content("c/x", "c/X", "C/x", size=3))
    assert set(parts) == {"a/s", "b/f", "c/x"}
    assert [parts["a/s"][key] for key in ("files", "bytes", "held_as", "other_holders")] == [1, 10, 3, 1]
    assert [parts["c/x"][key] for key in ("files", "bytes", "held_as", "shared_files")] == [1, 3, 7, 0]


def test_the_other_holders_of_the_same_contents_are_counted(tmp_path: Path) -> None:
    parts = by_name(
        tmp_path, content("a/s", "b/i", "c/f"), content("a/s", "b/i", "a/s"), content("a/s", "a/s", "a/s")
    )
    counted = {
        name: (part["files"], part["shared_files"], part["other_holders"]) for name, part in parts.items()
    }
    assert counted == {"a/s": (3, 2, 3), "b/i": (2, 2, 3), "c/f": (1, 1, 2)}
    assert parts["a/s"]["held_as"] == 7


def test_a_row_without_any_name_is_kept_as_one_nameless_part(tmp_path: Path) -> None:
    rows = [content(None, None, None), content(None, "b/i", None)]
    table = pa.Table.from_pylist(rows).cast(
        pa.schema(
            pa.field(field.name, pa.string() if field.name.endswith("_name") else field.type)
            for field in pa.Table.from_pylist(rows).schema
        )
    )
    pq.write_table(table, tmp_path / "rows.parquet")
    parts = {part["repo_name"]: part for part in parts_of(tmp_path / "rows.parquet", "v1")}
    assert {name: (part["files"], part["held_as"]) for name, part in parts.items()} == {
        None: (1, 0),
        "b/i": (1, 2),
    }


def test_an_empty_text_is_no_holder_and_no_other_one_either(tmp_path: Path) -> None:
    parts = by_name(tmp_path, content("a/s", "", "a/s"), content("", "", ""))
    assert set(parts) == {"a/s", None}
    assert [parts["a/s"][key] for key in ("files", "held_as", "shared_files", "other_holders")] == [
        1,
        5,
        0,
        0,
    ]
    assert [parts[None][key] for key in ("files", "held_as")] == [1, 0]


def test_a_malformed_name_is_never_taken_for_a_real_one(tmp_path: Path) -> None:
    parts = by_name(tmp_path, content("k/x", "\u212a/x", "k/x"))
    assert set(parts) == {"k/x", "\u212a/x"}
    assert parts["k/x"]["held_as"] == 5


def test_all_three_names_must_be_there(tmp_path: Path) -> None:
    row = content("a/s", "b/i", "c/f")
    row["max_issues_name"] = row.pop("max_issues_repo_name")
    with pytest.raises(IndexBuildError, match="has no column “max_issues_repo_name” \\(text was expected\\)"):
        parts_of(write(tmp_path, row), "v1")


def test_what_is_missing_beside_the_names_stays_unknown(tmp_path: Path) -> None:
    path = write(tmp_path, {f"max_{kind}_repo_name": "a/s" for kind in HOLDERS})
    assert carried(path, "v1") == {"repo_name", "files", "held_as", "shared_files", "other_holders"}
    [part] = parts_of(path, "v1")
    assert (part["files"], part["bytes"], part["language"], part["stars"]) == (1, 0, None, None)


NAMES = st.sampled_from([None, "a/x", "A/x", "a/X", "b/x", "b/y", "\u212a/y", "K/y", "k/y", ""])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(NAMES, NAMES, NAMES, st.integers(0, 99)), min_size=1, max_size=12))
def test_parts_are_those_of_a_plain_count_over_the_rows(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str | None, str | None, str | None, int]]
) -> None:
    folder = tmp_path_factory.mktemp("v1")
    schema = pa.schema({**{f"max_{kind}_repo_name": pa.string() for kind in HOLDERS}, "size": pa.int64()})
    pq.write_table(
        pa.table([list(column) for column in zip(*rows, strict=True)], schema=schema), folder / "v1.parquet"
    )
    expected: dict[str | None, list[int]] = {}
    for *names, size in rows:
        first: dict[str, tuple[str, int]] = {}
        for bit, name in zip((1, 2, 4), names, strict=True):
            if name:
                key = match_key(name) or name
                spelling, bits = first.get(key, (name, 0))
                first[key] = (spelling, bits | bit)
        for spelling, bits in first.values() or [(None, 0)]:
            counts = expected.setdefault(spelling, [0, 0, 0, 0, 0])
            others = max(len(first) - 1, 0)
            counts[:] = [
                counts[0] + 1,
                counts[1] + size,
                counts[2] | bits,
                counts[3] + (others > 0),
                counts[4] + others,
            ]
    found = {
        part["repo_name"]: [
            part[key] for key in ("files", "bytes", "held_as", "shared_files", "other_holders")
        ]
        for part in parts_of(folder / "v1.parquet", "v1")
    }
    assert found == expected

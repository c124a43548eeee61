"""Each exported folder is loaded by the `datasets` library as it stands, manifest.json beside the data."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bigcode_optout.exclusionlist import Spellings, sorted_rules, write
from bigcode_optout.exclusionlist.schema import row_from_rule

from .builders import FACTS, SAMPLE, rule
from .legacy_reader import four_lists

DATE_TYPES = {"parquet": "date32", "jsonl": "date32", "csv": "string"}


def as_the_docs_say_of_csv(row: dict[str, Any]) -> dict[str, Any]:
    """Dates stay text, and the loader does not know the guard before a leading hyphen."""
    until = row["name_valid_until"]
    guarded = {key: f"'{row[key]}" for key in ("name", "name_key") if row[key].startswith("-")}
    return row | guarded | {"name_valid_until": until and until.isoformat()}


@pytest.fixture
def load(tmp_path, monkeypatch):
    monkeypatch.setitem(os.environ, "HF_HUB_OFFLINE", "1")
    monkeypatch.setitem(os.environ, "HF_DATASETS_OFFLINE", "1")
    import datasets  # late: it reads the environment when it is imported

    datasets.disable_progress_bars()

    def load_as_a_script_would(folder: Path):
        return datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))

    return load_as_a_script_would


@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl"])
def test_a_typed_list_is_one_split_with_its_columns_and_types(format, load, tmp_path):
    write(SAMPLE, output=tmp_path / "list", format=format, facts=FACTS)
    loaded = load(tmp_path / "list")
    assert list(loaded) == ["train"]
    assert {name: feature.dtype for name, feature in loaded["train"].features.items()} == {
        "kind": "string",
        "name": "string",
        "name_key": "string",
        "name_valid_until": DATE_TYPES[format],
        "owner_id": "int64",
        "repo_id": "int64",
        "files": "bool",
        "commits": "bool",
        "issues": "bool",
        "since_release": "string",
    }
    expected = [row_from_rule(rule) for rule in sorted_rules(SAMPLE)]
    if format == "csv":
        expected = [as_the_docs_say_of_csv(row) for row in expected]
    assert list(loaded["train"]) == expected


@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl"])
def test_columns_keep_their_types_where_every_value_is_absent(format, load, tmp_path):
    write([rule("ada")], output=tmp_path / "list", format=format, facts=FACTS)
    features = load(tmp_path / "list")["train"].features
    assert [features[name].dtype for name in ("name_valid_until", "owner_id", "repo_id")] == [
        DATE_TYPES[format],
        "int64",
        "int64",
    ]


def test_the_legacy_reader_drops_what_was_asked_for_in_every_spelling_of_the_data(load, tmp_path):
    rules = [
        rule("Ada-Example"),
        rule("Bob-Sample", ("commits",)),
        rule("carol99", ("issues",)),
        rule("dora", ("files",)),
        rule("Delta-Org/Widget.js"),
        rule("erin", name_valid_until=date(2023, 9, 6)),
    ]
    data = {
        "ada-example/x": True,
        "ADA-EXAMPLE/Y": True,
        "Ada-Example/z": True,
        "ada-example-2/x": False,
        "bob-sample/x": False,
        "carol99/x": False,
        "DORA/one": True,
        "dora/Two.js": True,
        "delta-org/widget.js": True,
        "Delta-Org/Widget.JS": True,
        "Delta-Org/Widget.js": True,
        "Delta-Org/other": False,
        "Erin/old": True,
        "erin/of-the-next-holder": False,
    }
    spellings = Spellings(
        owners={"ada-example": {"ada-example", "ADA-EXAMPLE"}, "bob-sample": {"bob-sample"}},
        repositories={"delta-org/widget.js": {"delta-org/widget.js", "Delta-Org/Widget.JS"}},
        repositories_of_owner={"dora": {"DORA/one", "dora/Two.js"}, "erin": {"Erin/old"}},
    )
    manifest = write(rules, output=tmp_path / "list", format="legacy-json", facts=FACTS, spellings=spellings)
    loaded = load(tmp_path / "list")["train"]
    lists = four_lists(loaded[0])
    assert len(loaded) == 1
    assert {name: lists.drops(name) for name in data} == data
    assert lists.accounts_for_repositories == {"Ada-Example", "ADA-EXAMPLE", "ada-example"}
    assert lists.accounts_for_commits == lists.accounts_for_repositories | {"Bob-Sample", "bob-sample"}
    assert lists.accounts_for_issues == lists.accounts_for_repositories | {"carol99"}
    assert manifest.lossy_rules == 2


def test_an_empty_legacy_list_loads_and_lists_nobody(load, tmp_path):
    write([], output=tmp_path / "list", format="legacy-json", facts=FACTS)
    lists = four_lists(load(tmp_path / "list")["train"][0])
    assert not lists.repositories | lists.accounts_for_repositories
    assert not lists.accounts_for_commits | lists.accounts_for_issues


@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl"])
def test_an_empty_typed_list_is_what_the_library_cannot_load_as_the_docs_say(format, load, tmp_path):
    write([], output=tmp_path / "list", format=format, facts=FACTS)
    with pytest.raises(ValueError, match="corresponds to no data"):
        load(tmp_path / "list")

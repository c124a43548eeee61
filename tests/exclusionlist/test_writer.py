"""A list is written whole or not at all, and the same list is the same bytes."""

import hashlib
import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow
import pyarrow.parquet as pq
import pytest

from bigcode_optout.exclusionlist import (
    FORMATS,
    FactsRefused,
    OutputRefused,
    Spellings,
    WriteFailed,
    canonical_jsonl,
    write,
)

from .builders import FACTS, SAMPLE, rule

DATA_FILES = {
    "parquet": "data/exclusions.parquet",
    "csv": "data/exclusions.csv",
    "jsonl": "data/exclusions.jsonl",
    "legacy-json": "data/opt_out.json",
    "keyed-parquet": "data/keyed.parquet",
    "keyed-csv": "data/keyed.csv",
    "keyed-jsonl": "data/keyed.jsonl",
}
SPELLINGS = Spellings(
    owners={"ada-example": {"ada-example", "ADA-Example", "Ada-Example"}},
    repositories_of_owner={"renamed": {"renamed/one", "Renamed/two"}},
)
WRITE_ALL = """
import sys
from pathlib import Path
from bigcode_optout.exclusionlist import FORMATS, write
from tests.exclusionlist.builders import FACTS, SAMPLE
from tests.exclusionlist.test_writer import SPELLINGS
for format in FORMATS:
    write(set(SAMPLE), output=Path(sys.argv[1], format), format=format, facts=FACTS, spellings=SPELLINGS)
"""


def files_under(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("format", FORMATS)
def test_a_folder_has_card_manifest_and_one_data_file(format, tmp_path):
    write(SAMPLE, output=tmp_path / "list", format=format, facts=FACTS)
    assert set(files_under(tmp_path / "list")) == {"README.md", "manifest.json", DATA_FILES[format]}
    assert [p.name for p in tmp_path.iterdir()] == ["list"]


@pytest.mark.parametrize("format", FORMATS)
def test_shuffled_and_repeated_rules_give_the_same_bytes(format, tmp_path):
    shuffled = SAMPLE * 2
    random.Random(4).shuffle(shuffled)
    write(SAMPLE, output=tmp_path / "a", format=format, facts=FACTS, spellings=SPELLINGS)
    write(shuffled, output=tmp_path / "b", format=format, facts=FACTS, spellings=SPELLINGS)
    assert files_under(tmp_path / "a") == files_under(tmp_path / "b")


def test_processes_with_other_hash_seeds_write_the_same_bytes(tmp_path):
    for seed in ("1", "20"):
        subprocess.run(
            [sys.executable, "-c", WRITE_ALL, str(tmp_path / seed)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            check=True,
        )
    first, second = files_under(tmp_path / "1"), files_under(tmp_path / "20")
    assert len(first) == 3 * len(FORMATS)
    assert first == second


@pytest.mark.parametrize("format", FORMATS)
def test_the_manifest_says_what_is_there(format, tmp_path):
    manifest = write(SAMPLE, output=tmp_path / "list", format=format, facts=FACTS)
    stored = json.loads((tmp_path / "list/manifest.json").read_bytes())
    assert stored["release"] == "v3.2" and stored["previous_release"] == "v3.1"
    assert stored["dataset"] == "bigcode/the-stack" and stored["frozen_on"] == "2026-11-01"
    assert stored["choices"] == {"shared_content": "drop"}
    assert stored["counts"] == {
        "rules": 6,
        "by_kind": {"owner": 4, "repository": 2},
        "by_scope_kind": {"files": 4, "commits": 3, "issues": 3},
    }
    assert stored["writer"] == {"exclusionlist": "2", "pyarrow": pyarrow.__version__}
    assert stored["canonical_sha256"] == hashlib.sha256(canonical_jsonl(SAMPLE)).hexdigest()
    assert stored["lossy_rules"] == (2 if format == "legacy-json" else 0) == manifest.lossy_rules
    for entry in stored["files"]:
        content = (tmp_path / "list" / entry["path"]).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert [entry["path"] for entry in stored["files"]] == ["README.md", DATA_FILES[format]]


def test_no_name_stands_in_manifest_or_card(tmp_path):
    write(SAMPLE, output=tmp_path / "list", format="csv", facts=FACTS)
    public = files_under(tmp_path / "list")
    text = (public["manifest.json"] + public["README.md"]).decode().lower()
    assert not [rule.name for rule in SAMPLE if rule.name_key in text and rule.name_key != "null"]


def test_parquet_has_the_schema_of_the_format_and_zstd(tmp_path):
    write(SAMPLE, output=tmp_path / "list", format="parquet", facts=FACTS)
    file = pq.ParquetFile(tmp_path / "list/data/exclusions.parquet")
    assert [(f.name, str(f.type), f.nullable) for f in file.schema_arrow] == [
        ("kind", "string", False),
        ("name", "string", False),
        ("name_key", "string", False),
        ("name_valid_until", "date32[day]", True),
        ("owner_id", "int64", True),
        ("repo_id", "int64", True),
        ("files", "bool", False),
        ("commits", "bool", False),
        ("issues", "bool", False),
        ("since_release", "string", False),
    ]
    group = file.metadata.row_group(0)
    assert {group.column(i).compression for i in range(group.num_columns)} == {"ZSTD"}


def test_what_stands_at_the_output_is_never_written_over(tmp_path):
    output = tmp_path / "list"
    write(SAMPLE, output=output, format="csv", facts=FACTS)
    before = files_under(output)
    with pytest.raises(OutputRefused, match="never over another"):
        write([], output=output, format="csv", facts=FACTS)
    assert files_under(output) == before


def test_a_file_or_link_at_the_output_is_refused(tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for taken in ("file", "link"):
        with pytest.raises(OutputRefused):
            write(SAMPLE, output=tmp_path / taken, format="csv", facts=FACTS)


def test_an_empty_folder_and_missing_parents_are_fine(tmp_path):
    (tmp_path / "empty").mkdir()
    write(SAMPLE, output=tmp_path / "empty", format="csv", facts=FACTS)
    write(SAMPLE, output=tmp_path / "a/b/c", format="csv", facts=FACTS)
    assert files_under(tmp_path / "empty") == files_under(tmp_path / "a/b/c")


def test_a_failed_write_leaves_nothing_behind(tmp_path):
    (tmp_path / "sealed").write_text("a file, so that no folder can be made under it")
    with pytest.raises(WriteFailed, match="could not be written: Not a directory"):
        write(SAMPLE, output=tmp_path / "sealed/list", format="csv", facts=FACTS)
    with pytest.raises(FactsRefused):
        write(SAMPLE, output=tmp_path / "list", format="csv", facts=replace(FACTS, release=""))
    assert [p.name for p in tmp_path.iterdir()] == ["sealed"]


def test_a_folder_filled_by_another_writer_meanwhile_is_kept(tmp_path, monkeypatch):
    output = tmp_path / "list"
    rename = Path.rename

    def filled_first(self: Path, target: Path) -> Path:
        target.mkdir()
        (target / "theirs").write_text("first")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", filled_first)
    with pytest.raises(OutputRefused, match="could not be put in its place"):
        write([rule("ada")], output=output, format="csv", facts=FACTS)
    assert files_under(tmp_path) == {"list/theirs": b"first"}

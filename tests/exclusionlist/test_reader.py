"""Only a whole list is read; every way to be broken has its sentence."""

import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from bigcode_optout.exclusionlist import FORMATS, ListBroken, check, read, sorted_rules, write

from .builders import FACTS, SAMPLE, lists_of_rules
from .test_writer import DATA_FILES

TYPED = [format for format in FORMATS if format != "legacy-json"]


def written(folder: Path, format: str) -> Path:
    write(SAMPLE, output=folder, format=format, facts=FACTS)
    return folder


def forge(folder: Path, format: str, content: bytes, **changes: object) -> None:
    """Replace the data file and make the manifest agree, as a foreign writer would."""
    path = folder / DATA_FILES[format]
    path.write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for entry in manifest["files"]:
        if entry["path"] == DATA_FILES[format]:
            entry |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest | changes))


@pytest.mark.parametrize("format", TYPED)
def test_what_was_written_is_read_again(format, tmp_path):
    manifest = write(SAMPLE, output=tmp_path / "list", format=format, facts=FACTS)
    found = read(tmp_path / "list")
    assert found.rules == sorted_rules(SAMPLE)
    assert found.manifest == manifest == check(tmp_path / "list")


@pytest.mark.parametrize("format", TYPED)
def test_any_rules_come_back_from_any_typed_format(format, tmp_path_factory):
    @settings(max_examples=40, deadline=None)
    @given(lists_of_rules)
    def comes_back(rules):
        folder = tmp_path_factory.mktemp("round")
        write(rules, output=folder, format=format, facts=FACTS)
        assert read(folder).rules == sorted_rules(rules)

    comes_back()


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_list_is_whole(format, tmp_path):
    manifest = write([], output=tmp_path / "list", format=format, facts=FACTS)
    assert check(tmp_path / "list") == manifest
    if format in TYPED:
        assert read(tmp_path / "list").rules == []


def test_the_legacy_format_is_checked_but_gives_no_rules(tmp_path):
    folder = written(tmp_path / "list", "legacy-json")
    assert check(folder).lossy_rules == 2
    with pytest.raises(ListBroken, match="read another format"):
        read(folder)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("damaged", ["data", "README.md"])
def test_a_flipped_byte_is_noticed_in_every_file(format, damaged, tmp_path):
    folder = written(tmp_path / "list", format)
    path = folder / (DATA_FILES[format] if damaged == "data" else damaged)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ListBroken, match="SHA-256 differs"):
        check(folder)


@pytest.mark.parametrize("format", FORMATS)
def test_a_cut_off_file_is_noticed_even_if_the_manifest_agrees(format, tmp_path):
    folder = written(tmp_path / "list", format)
    whole = (folder / DATA_FILES[format]).read_bytes()
    (folder / DATA_FILES[format]).write_bytes(whole[:-3])
    with pytest.raises(ListBroken, match="the manifest says"):
        check(folder)
    forge(folder, format, whole[:-3])
    with pytest.raises(ListBroken, match=r"cut off|not a complete"):
        check(folder)


@pytest.mark.parametrize("missing", ["manifest.json", "README.md", DATA_FILES["csv"]])
def test_a_missing_file_is_named(missing, tmp_path):
    folder = written(tmp_path / "list", "csv")
    (folder / missing).unlink()
    with pytest.raises(ListBroken, match=missing):
        read(folder)


def test_an_unknown_kind_is_refused_and_never_taken_for_a_known_one(tmp_path):
    for format in ("csv", "jsonl"):
        folder = written(tmp_path / format, format)
        content = (folder / DATA_FILES[format]).read_bytes().replace(b"repository", b"discussion")
        forge(folder, format, content)
        with pytest.raises(ListBroken, match="'discussion' is neither"):
            read(folder)


def test_an_unknown_scope_kind_is_refused(tmp_path):
    folder = written(tmp_path / "csv", "csv")
    forge(folder, "csv", (folder / DATA_FILES["csv"]).read_bytes().replace(b"issues", b"wikis"))
    with pytest.raises(ListBroken, match="wikis"):
        read(folder)
    folder = written(tmp_path / "jsonl", "jsonl")
    content = (folder / DATA_FILES["jsonl"]).read_bytes()
    forge(folder, "jsonl", content.replace(b'"issues"', b'"wikis":true,"issues"'))
    with pytest.raises(ListBroken, match="wikis"):
        read(folder)


@pytest.mark.parametrize("change", ["another column", "nullable", "large strings", "not Parquet"])
def test_a_parquet_file_with_another_schema_is_refused(change, tmp_path):
    folder = written(tmp_path / "list", "parquet")
    path = folder / DATA_FILES["parquet"]
    table = pq.read_table(path)
    if change == "another column":
        table = table.append_column("wikis", pa.array([True] * len(table)))
    elif change == "nullable":
        table = table.cast(pa.schema([f.with_nullable(True) for f in table.schema]))
    elif change == "large strings":
        table = table.cast(table.schema.set(1, pa.field("name", pa.large_string(), nullable=False)))
    other = tmp_path / "other"
    pq.write_table(table, other)
    forge(folder, "parquet", b"PAR1 but not really" if change == "not Parquet" else other.read_bytes())
    with pytest.raises(ListBroken, match=r"columns are not those|not a complete"):
        read(folder)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("true", "TRUE", "type bool"),
        ("v3.1", "", "since_release"),
        (",7,", ",-7,", "type int64"),
        (",7,", ",7.0,", "type int64"),
        (",7,", "," + "9" * 5000 + ",", "type int64"),
        (",7,", ",0,", "positive"),
        ("2023-09-06", "20230906", "date"),
        ("2023-09-06", "yesterday", "date"),
        (",7,", ",", "9 cells"),
        ("ada-example", "Ada-Example", "not the folded name"),
        ("Ada-Example", '"Ada-Example', "not a complete"),
        ("null,null", "b\udcffb,null", "not a complete"),
    ],
)
def test_a_row_that_is_no_rule_is_named(before, after, sentence, tmp_path):
    folder = written(tmp_path / "list", "csv")
    text = (folder / DATA_FILES["csv"]).read_bytes().decode()
    assert before in text
    forge(folder, "csv", text.replace(before, after, 1).encode(errors="surrogateescape"))
    with pytest.raises(ListBroken, match=sentence):
        read(folder)


@pytest.mark.parametrize("line", [b"[1]\n", b"nonsense\n", b'{"kind":"owner"}\n', b"\n", b"\xff\n"])
def test_a_line_that_is_no_rule_is_named(line, tmp_path):
    folder = written(tmp_path / "list", "jsonl")
    forge(folder, "jsonl", (folder / DATA_FILES["jsonl"]).read_bytes() + line)
    with pytest.raises(ListBroken, match="Row 7"):
        read(folder)


def test_a_rule_taken_out_or_doubled_is_noticed_by_the_canonical_hash_and_the_counts(tmp_path):
    folder = written(tmp_path / "list", "jsonl")
    lines = (folder / DATA_FILES["jsonl"]).read_bytes().splitlines(keepends=True)
    forge(folder, "jsonl", b"".join(lines[1:]))
    with pytest.raises(ListBroken, match="canonical hash"):
        read(folder)
    forge(folder, "jsonl", b"".join([*lines, lines[0]]))
    with pytest.raises(ListBroken, match="counts"):
        read(folder)


def test_another_writers_file_with_the_same_rules_is_accepted(tmp_path):
    folder = written(tmp_path / "list", "parquet")
    table = pq.read_table(folder / DATA_FILES["parquet"])
    other = tmp_path / "other.parquet"
    pq.write_table(table.take(list(reversed(range(len(table))))), other, compression="snappy")
    forge(folder, "parquet", other.read_bytes())
    assert read(folder).rules == sorted_rules(SAMPLE)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"format_version": 2}, "format version 2"),
        ({"format_version": None}, "format version None"),
        ({"format": "xml"}, "unknown"),
        ({"release": 3}, "'release'"),
        ({"frozen_on": "20261101"}, "on which day"),
        ({"frozen_on": "soon"}, "on which day"),
        ({"key_id": 7}, "'key_id'"),
        ({"lossy_rules": True}, "'lossy_rules'"),
        ({"choices": {}}, "shared content"),
        ({"counts": {"rules": 6}}, "counts"),
        ({"schema": []}, "columns"),
        ({"files": []}, "does not name the data file"),
        ({"files": [7]}, "describes a file"),
        ({"files": [{"path": "../x", "bytes": 1, "sha256": ""}]}, "outside the folder"),
        ({"files": [{"path": "/etc/hostname", "bytes": 1, "sha256": ""}]}, "outside the folder"),
    ],
)
def test_a_manifest_that_is_not_understood_is_refused(changes, sentence, tmp_path):
    folder = written(tmp_path / "list", "csv")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    (folder / "manifest.json").write_text(json.dumps(manifest | changes))
    with pytest.raises(ListBroken, match=sentence):
        read(folder)


@pytest.mark.parametrize("missing", ["previous_release", "release", "files"])
def test_a_manifest_without_one_of_its_keys_is_refused(missing, tmp_path):
    folder = written(tmp_path / "list", "csv")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    del manifest[missing]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ListBroken, match=f"no proper '{missing}'"):
        read(folder)


def test_a_list_of_the_first_writer_which_knew_no_signatures_is_read(tmp_path):
    folder = written(tmp_path / "list", "csv")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    del manifest["key_id"], manifest["list_key_check"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert read(folder).manifest.key_id is None


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_a_manifest_that_is_no_json_object_is_refused(content, tmp_path):
    folder = written(tmp_path / "list", "csv")
    (folder / "manifest.json").write_bytes(content)
    with pytest.raises(ListBroken, match=r"manifest\.json"):
        read(folder)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"ada": null}\n', "'ada' has no list"),
        (b'{"ada": "all"}\n', "'ada' has no list"),
        (b'{"ada": ["all", null]}\n', "'ada' has no list"),
        (b'{"ada": ["all"]}\n{"bob": ["all"]}\n', "more rows"),
        (b"{}\n", "a column for each account"),
    ],
)
def test_a_legacy_list_that_its_reader_would_fail_on_is_refused(content, sentence, tmp_path):
    folder = written(tmp_path / "list", "legacy-json")
    forge(folder, "legacy-json", content)
    with pytest.raises(ListBroken, match=sentence):
        check(folder)

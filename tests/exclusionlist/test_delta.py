"""A delta leads from any earlier list to the later one, to the same canonical hash, and nowhere else."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings

from bigcode_optout.exclusionlist import (
    DeltaRefused,
    ExclusionList,
    ListBroken,
    OutputRefused,
    SignatureRefused,
    apply_delta,
    check,
    delta_between,
    follow_delta,
    read,
    read_delta,
    sorted_rules,
    write,
    write_delta,
)

from .builders import FACTS, OTHER_KEY, SAMPLE, SIGNING_KEY, key_set, lists_of_rules, rule
from .test_writer import files_under

LATER = replace(
    FACTS,
    release="v3.3",
    previous_release="v3.2",
    frozen_on=FACTS.frozen_on + timedelta(days=30),
    shared_content="keep",
)
# One rule goes, one comes, one asks for more.
CHANGED = replace(SAMPLE[1], files=True)
NOW = [SAMPLE[0], CHANGED, *SAMPLE[2:-1], rule("New-One", since_release="v3.3")]


def listed(folder: Path, rules=SAMPLE, facts=FACTS, format="jsonl") -> ExclusionList:
    write(rules, output=folder, format=format, facts=facts)
    return read(folder)


@pytest.fixture
def before(tmp_path) -> ExclusionList:
    return listed(tmp_path / "before")


@pytest.fixture
def after(tmp_path) -> ExclusionList:
    return listed(tmp_path / "after", NOW, LATER, "parquet")


@pytest.fixture
def delta(tmp_path, before, after) -> Path:
    write_delta(before, after, output=tmp_path / "delta", signing_key=SIGNING_KEY)
    return tmp_path / "delta"


@given(lists_of_rules, lists_of_rules)
def test_a_delta_between_any_two_lists_leads_from_one_to_the_other(old, new):
    delta = delta_between(old, new)
    assert apply_delta(old, delta) == sorted_rules(new)
    assert not (set(delta.added) | set(delta.removed)) & (set(old) & set(new))


def test_a_rule_that_says_something_else_about_the_same_subject_counts_as_changed():
    delta = delta_between(SAMPLE, NOW)
    assert [one.name for one in delta.added] == ["New-One"]
    assert [one.name for one in delta.removed] == ["-2/3"]
    assert [(change.before, change.after) for change in delta.changed] == [(SAMPLE[1], CHANGED)]


@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl"])
def test_following_a_delta_gives_the_bytes_that_were_released(format, before, delta, tmp_path):
    manifest = follow_delta(before, delta, output=tmp_path / "made", format=format, keys=key_set())
    released = write(NOW, output=tmp_path / "released", format=format, facts=LATER)
    assert manifest == released == check(tmp_path / "made")
    assert files_under(tmp_path / "made") == files_under(tmp_path / "released")


def test_the_same_delta_is_the_same_bytes_whatever_format_the_lists_had(before, after, delta, tmp_path):
    other = listed(tmp_path / "other", NOW, LATER, "csv")
    write_delta(before, other, output=tmp_path / "again", signing_key=SIGNING_KEY)
    assert files_under(tmp_path / "again") == files_under(delta)


def test_the_manifest_says_from_where_to_where_and_how_much(before, after, delta):
    stored = json.loads((delta / "manifest.json").read_bytes())
    assert stored["document"] == "exclusion-delta" and stored["key_id"] == SIGNING_KEY.key_id
    assert stored["counts"] == {"added": 1, "removed": 1, "changed": 1}
    assert (stored["from"]["release"], stored["to"]["release"]) == ("v3.2", "v3.3")
    assert stored["from"]["canonical_sha256"] == before.manifest.canonical_sha256
    assert stored["to"]["canonical_sha256"] == after.manifest.canonical_sha256


def test_lists_without_difference_have_a_delta_without_rows(before, tmp_path):
    write_delta(before, before, output=tmp_path / "delta")
    assert (tmp_path / "delta/data/delta.jsonl").read_bytes() == b""
    manifest = follow_delta(before, tmp_path / "delta", output=tmp_path / "made", format="jsonl")
    assert manifest.canonical_sha256 == before.manifest.canonical_sha256


def test_from_and_to_an_empty_list(before, tmp_path):
    empty = listed(tmp_path / "empty", [], replace(LATER, shared_content="drop"))
    write_delta(before, empty, output=tmp_path / "delta")
    made = follow_delta(before, tmp_path / "delta", output=tmp_path / "made", format="parquet")
    assert made.counts["rules"] == 0


def test_a_delta_on_the_wrong_list_is_refused_and_nothing_is_written(delta, tmp_path):
    wrong = listed(tmp_path / "wrong", SAMPLE[:-1])
    with pytest.raises(DeltaRefused, match=r"starts from release v3\.2; the list is of release v3\.2, or"):
        follow_delta(wrong, delta, output=tmp_path / "made", format="csv", keys=key_set())
    assert not (tmp_path / "made").exists()


def test_a_delta_of_another_dataset_or_back_in_time_is_refused(before, after, delta, tmp_path):
    other = listed(tmp_path / "other", facts=replace(FACTS, dataset="another"))
    with pytest.raises(DeltaRefused, match="another"):
        follow_delta(other, delta, output=tmp_path / "made", format="csv")
    with pytest.raises(DeltaRefused, match="different datasets"):
        write_delta(other, after, output=tmp_path / "no")
    with pytest.raises(DeltaRefused, match="frozen before"):
        write_delta(after, before, output=tmp_path / "no")
    with pytest.raises(OutputRefused):
        write_delta(before, after, output=delta)


@pytest.mark.parametrize("name", ["manifest.json", "manifest.json.sig", "data/delta.jsonl"])
def test_a_flipped_byte_in_a_signed_delta_is_noticed(name, delta):
    whole = (delta / name).read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 40)):
        (delta / name).write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(ListBroken):
            read_delta(delta, keys=key_set())


def test_a_delta_signed_by_a_stranger_is_refused(delta):
    with pytest.raises(SignatureRefused, match="not in the key set"):
        read_delta(delta, keys=key_set(OTHER_KEY))


def test_a_signed_list_is_not_taken_for_a_delta_nor_the_other_way_round(before, delta, tmp_path):
    with pytest.raises(ListBroken, match="not that of a delta"):
        read_delta(tmp_path / "before")
    with pytest.raises(ListBroken, match=r"manifest\.json"):
        read(delta)


def forge(folder: Path, content: bytes, **changes: object) -> None:
    """Change the data and let the manifest, no longer signed, agree."""
    (folder / "data/delta.jsonl").write_bytes(content)
    entry = {
        "path": "data/delta.jsonl",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    manifest = json.loads((folder / "manifest.json").read_bytes())
    changes = {"files": [entry], "key_id": None} | changes
    (folder / "manifest.json").write_text(json.dumps(manifest | changes))


@pytest.mark.parametrize(
    ("before_text", "after_text", "sentence"),
    [
        (b'"change":"added"', b'"change":"moved"', "'moved'"),
        (b'"change":"added",', b"", "None"),
        (b'"change":"after"', b'"change":"added"', "both their sides"),
        (b'"change":"added"', b'"change":"removed"', "counts other changes"),
        (b'"kind":"owner"', b'"kind":"gist"', "'gist' is neither"),
        (b'"issues":true', b'"wikis":true', "wikis"),
        (b'"name":"New-One"', b'"name":"../../x"', "not a rule"),
        (b'"name":"New-One"', b'"name":"New\\u202eOne"', "not a rule"),
    ],
)
def test_a_row_that_is_not_understood_is_refused(before_text, after_text, sentence, delta):
    content = (delta / "data/delta.jsonl").read_bytes()
    assert before_text in content
    forge(delta, content.replace(before_text, after_text, 1))
    with pytest.raises(ListBroken, match=sentence):
        read_delta(delta)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"format_version": 2}, "format version 2"),
        ({"from": None}, "'from'"),
        ({"counts": []}, "'counts'"),
        ({"files": []}, "does not name"),
        ({"files": [{"path": "../x", "bytes": 1, "sha256": ""}]}, "does not name"),
        ({"to": {}}, "'release'"),
    ],
)
def test_a_delta_manifest_that_is_not_understood_is_refused(changes, sentence, delta):
    forge(delta, (delta / "data/delta.jsonl").read_bytes(), **changes)
    with pytest.raises(ListBroken, match=sentence):
        read_delta(delta)


def test_a_delta_that_leads_somewhere_else_than_it_says_is_refused(before, delta, tmp_path):
    content = (
        (delta / "data/delta.jsonl")
        .read_bytes()
        .replace(b"New-One", b"New-Two")
        .replace(b"new-one", b"new-two")
    )
    forge(delta, content)
    with pytest.raises(DeltaRefused, match="does not lead to"):
        follow_delta(before, delta, output=tmp_path / "made", format="csv")
    assert not (tmp_path / "made").exists()


@settings(max_examples=15, deadline=None)
@given(lists_of_rules, lists_of_rules)
def test_through_files_any_delta_leads_to_the_same_canonical_hash(tmp_path_factory, old, new):
    folder = tmp_path_factory.mktemp("delta")
    before, after = listed(folder / "a", old), listed(folder / "b", new, LATER)
    write_delta(before, after, output=folder / "d")
    made = follow_delta(before, folder / "d", output=folder / "made", format="jsonl")
    assert made.canonical_sha256 == after.manifest.canonical_sha256

"""The keyed list answers for known names and numbers, and shows no name to who has no key."""

import hashlib
import hmac
import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from bigcode_optout.exclusionlist import (
    KEYED_FORMATS,
    FactsRefused,
    KeyRefused,
    ListBroken,
    ListKey,
    SignatureRefused,
    check,
    read,
    read_keyed,
    write,
)
from bigcode_optout.exclusionlist.keyed import sorted_keyed_rows
from bigcode_optout.exclusionlist.rules import sorted_rules

from .builders import FACTS, OTHER_KEY, SAMPLE, SIGNING_KEY, key_set, lists_of_rules, rule
from .test_reader import forge
from .test_writer import files_under

KEY = ListKey(bytes(range(32)))


def keyed(folder, format="keyed-jsonl", rules=SAMPLE, key=KEY, **more):
    write(rules, output=folder, format=format, facts=FACTS, list_key=key, **more)
    return folder


@pytest.mark.parametrize("format", KEYED_FORMATS)
def test_known_names_and_numbers_are_found_in_any_case_and_others_are_not(format, tmp_path):
    found = read_keyed(keyed(tmp_path / "list", format), KEY)
    for name in ("ADA-example", "ada-example/anything", "some-ORG/widget.js", "-old-hyphen-", "null"):
        assert found.rows_for_name(name), name
    for name in (
        "ada",
        "some-org",
        "some-org/widget",
        "ada-example2/x",
        "",
        "/",
        "\u212aelvin",
        "Ada-Example\n",
    ):
        assert not found.rows_for_name(name), name
    assert found.rows_for_id(2**40) and found.rows_for_id(12)
    assert not found.rows_for_id(7) and not found.rows_for_id(11), "an owner's number is never compared"


def test_the_tag_is_the_documented_hmac_and_the_three_kinds_are_apart():
    for kind, text in (("owner", "ada"), ("repository", "ada/x"), ("repo_id", "12")):
        expected = hmac.new(bytes(range(32)), f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()
        assert KEY.tag(kind, text) == expected
    assert len({KEY.tag(kind, "12") for kind in ("owner", "repository", "repo_id")}) == 3


def test_a_name_with_an_end_covers_only_data_up_to_it_and_a_number_has_no_end(tmp_path):
    last = date(2023, 9, 6)
    rules = [rule("Renamed/x", name_valid_until=last, repo_id=4)]
    found = read_keyed(keyed(tmp_path / "list", rules=rules), KEY)
    assert found.rows_for_name("renamed/x", data_date=last)
    assert found.rows_for_name("renamed/x")
    assert not found.rows_for_name("renamed/x", data_date=last + timedelta(days=1))
    assert [row.name_valid_until for row in found.rows_for_id(4)] == [None]


@settings(max_examples=40, deadline=None)
@given(lists_of_rules)
def test_each_rule_is_found_by_its_name_and_number_with_what_it_asks_for(rules):
    rows = list(sorted_keyed_rows(sorted_rules(rules), KEY))
    asked = {(row.tag, row.name_valid_until): row for row in rows}
    for one in rules:
        places = [(KEY.tag(one.kind, one.name_key), one.name_valid_until)]
        if one.repo_id:
            places.append((KEY.tag("repo_id", str(one.repo_id)), None))
        for place in places:
            assert all(getattr(asked[place], scope) for scope in one.scope_kinds)
    assert len(rows) == len({(r.kind, r.name_key, r.name_valid_until) for r in rules}) + len(
        {r.repo_id for r in rules if r.repo_id}
    )
    for row in rows:
        said = [
            one
            for one in rules
            if row.tag in (KEY.tag(one.kind, one.name_key), KEY.tag("repo_id", str(one.repo_id)))
        ]
        assert {s for s in ("files", "commits", "issues") if getattr(row, s)} <= {
            s for one in said for s in one.scope_kinds
        }


@pytest.mark.parametrize("format", KEYED_FORMATS)
def test_neither_names_nor_the_key_stand_in_the_folder(format, tmp_path):
    content = b"".join(files_under(keyed(tmp_path / "list", format)).values()).lower()
    assert not [one.name for one in SAMPLE if one.name_key.encode() in content and one.name_key != "null"]
    assert KEY.to_text().strip().encode() not in content
    assert b"what this does not hide" in content


def test_the_order_of_rows_is_that_of_tags_so_it_says_nothing_about_names(tmp_path):
    folder = keyed(tmp_path / "list", rules=[rule(f"name-{n:03}") for n in range(50)])
    tags = [json.loads(line)["tag"] for line in (folder / "data/keyed.jsonl").read_bytes().splitlines()]
    assert tags == sorted(tags)
    assert tags != [KEY.tag("owner", f"name-{n:03}") for n in range(50)]


def test_the_same_list_under_two_keys_has_no_tag_in_common(tmp_path):
    other = ListKey.generate()
    tags = [{row.tag for row in sorted_keyed_rows(sorted_rules(SAMPLE), key)} for key in (KEY, other)]
    assert not tags[0] & tags[1]
    with pytest.raises(KeyRefused, match="not the one of this list"):
        read_keyed(keyed(tmp_path / "list"), other)


@pytest.mark.parametrize("format", KEYED_FORMATS)
def test_a_keyed_list_without_rows_is_whole(format, tmp_path):
    folder = keyed(tmp_path / "list", format, rules=[])
    assert check(folder).counts["rules"] == 0
    assert not read_keyed(folder, KEY).rows_for_name("ada")


def test_a_keyed_list_is_checked_and_signed_like_any_other_but_gives_no_rules(tmp_path):
    folder = keyed(tmp_path / "list", signing_key=SIGNING_KEY)
    assert read_keyed(folder, KEY, keys=key_set()).manifest == check(folder, keys=key_set())
    with pytest.raises(SignatureRefused):
        read_keyed(folder, KEY, keys=key_set(OTHER_KEY))
    with pytest.raises(ListBroken, match="read another format"):
        read(folder)


def test_a_list_with_names_is_not_taken_for_a_keyed_one(tmp_path):
    write(SAMPLE, output=tmp_path / "list", format="csv", facts=FACTS)
    with pytest.raises(ListBroken, match="not keyed"):
        read_keyed(tmp_path / "list", KEY)


def test_a_keyed_list_is_not_written_without_a_key(tmp_path):
    with pytest.raises(FactsRefused, match="under a key"):
        keyed(tmp_path / "list", key=None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (b'"kind":"repo_id"', b'"kind":"wiki"', "for 'wiki'"),
        (b'"tag":"', b'"tag":"A', "no proper tag"),
        (b'"issues":true', b'"issues":1', "issues"),
        (b'"issues":true', b'"wikis":true', "wikis"),
    ],
)
def test_a_row_that_is_not_understood_is_refused(before, after, sentence, tmp_path):
    folder = keyed(tmp_path / "list")
    content = (folder / "data/keyed.jsonl").read_bytes()
    assert before in content
    forge(folder, "keyed-jsonl", content.replace(before, after, 1))
    with pytest.raises(ListBroken, match=sentence):
        check(folder)


def test_rows_in_another_order_or_twice_are_refused(tmp_path):
    folder = keyed(tmp_path / "list")
    lines = (folder / "data/keyed.jsonl").read_bytes().splitlines(keepends=True)
    for changed in (lines[::-1], [lines[0], *lines]):
        forge(folder, "keyed-jsonl", b"".join(changed))
        with pytest.raises(ListBroken, match="order"):
            check(folder)


@pytest.mark.parametrize("text", ["", "ab", "g" * 64, "A" * 64, "a" * 63, "a" * 66])
def test_what_is_no_key_is_refused_without_being_shown(text):
    with pytest.raises(KeyRefused) as refused:
        ListKey.from_text(text)
    assert not text or text not in str(refused.value).split()


def test_a_key_comes_back_from_its_text_and_is_never_shown():
    assert ListKey.from_text(KEY.to_text()).check == KEY.check
    assert KEY.to_text().strip() not in f"{KEY!r} {KEY}"
    with pytest.raises(KeyRefused, match="32 bytes"):
        ListKey(b"short")

"""Whoever changes a signed list, or signs it with a key that does not count, is noticed."""

import json
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bigcode_optout.exclusionlist import (
    FORMATS,
    KeyRefused,
    KeySet,
    ListBroken,
    OutputRefused,
    SignatureRefused,
    SigningKey,
    check,
    read,
    signed_copy,
    write,
)

from .builders import DAY, FACTS, OTHER_KEY, SAMPLE, SIGNING_KEY, key_set
from .test_writer import files_under


def signed(folder: Path, format: str = "jsonl", key: SigningKey | None = SIGNING_KEY) -> Path:
    write(SAMPLE, output=folder, format=format, facts=FACTS, signing_key=key)
    return folder


@pytest.mark.parametrize("format", FORMATS)
def test_a_signed_list_names_its_key_and_is_accepted_with_the_key_set(format, tmp_path):
    folder = signed(tmp_path / "list", format)
    assert check(folder, keys=key_set(OTHER_KEY, SIGNING_KEY)).key_id == SIGNING_KEY.key_id
    assert check(folder).key_id == SIGNING_KEY.key_id


def test_the_same_list_and_key_are_the_same_signature(tmp_path):
    assert files_under(signed(tmp_path / "a")) == files_under(signed(tmp_path / "b"))


@pytest.mark.parametrize("name", ["README.md", "manifest.json", "manifest.json.sig", "data/exclusions.jsonl"])
def test_a_flipped_bit_anywhere_in_any_file_is_noticed(name, tmp_path):
    folder = signed(tmp_path / "list")
    whole, keys = (folder / name).read_bytes(), key_set()

    @settings(max_examples=60, deadline=None)
    @given(st.integers(0, len(whole) - 1), st.integers(0, 7))
    def is_noticed(place, bit):
        changed = bytearray(whole)
        changed[place] ^= 1 << bit
        (folder / name).write_bytes(changed)
        with pytest.raises(ListBroken):
            read(folder, keys=keys)

    is_noticed()
    (folder / name).write_bytes(whole)
    assert read(folder, keys=keys).rules


@pytest.mark.parametrize("name", ["manifest.json", "manifest.json.sig"])
def test_a_cut_off_manifest_or_signature_is_noticed_wherever_it_ends(name, tmp_path):
    folder = signed(tmp_path / "list")
    whole = (folder / name).read_bytes()
    for end in [*range(0, len(whole), 37), len(whole) - 1]:
        (folder / name).write_bytes(whole[:end])
        with pytest.raises(ListBroken):
            read(folder, keys=key_set())


def test_the_signature_of_another_list_does_not_pass(tmp_path):
    folder = signed(tmp_path / "list")
    write(SAMPLE[1:], output=tmp_path / "shorter", format="jsonl", facts=FACTS, signing_key=SIGNING_KEY)
    (folder / "manifest.json.sig").write_bytes((tmp_path / "shorter/manifest.json.sig").read_bytes())
    with pytest.raises(SignatureRefused, match="signature is wrong"):
        read(folder, keys=key_set())


def test_a_list_signed_by_somebody_else_is_refused_by_the_name_of_the_key(tmp_path):
    folder = signed(tmp_path / "list", key=OTHER_KEY)
    with pytest.raises(SignatureRefused, match=f"{OTHER_KEY.key_id} is not in the key set"):
        read(folder, keys=key_set())


def test_a_forger_who_names_our_key_but_signs_with_another_is_refused(tmp_path):
    folder = signed(tmp_path / "list")
    forged = OTHER_KEY.signature_of((folder / "manifest.json").read_bytes())
    (folder / "manifest.json.sig").write_bytes(forged)
    for keys in (key_set(SIGNING_KEY, OTHER_KEY), None):
        with pytest.raises(SignatureRefused, match=r"manifest(\.json)? names"):
            read(folder, keys=keys)
    renamed = forged.replace(OTHER_KEY.key_id.encode(), SIGNING_KEY.key_id.encode())
    (folder / "manifest.json.sig").write_bytes(renamed)
    with pytest.raises(SignatureRefused, match="signature is wrong"):
        read(folder, keys=key_set(SIGNING_KEY, OTHER_KEY))


def test_a_list_without_signature_is_refused_where_one_is_asked_for(tmp_path):
    folder = signed(tmp_path / "list", key=None)
    assert read(folder).manifest.key_id is None
    with pytest.raises(SignatureRefused, match="not signed"):
        read(folder, keys=key_set())


def test_a_list_that_names_a_key_must_have_its_signature_even_if_nobody_asks(tmp_path):
    folder = signed(tmp_path / "list")
    (folder / "manifest.json.sig").unlink()
    with pytest.raises(ListBroken, match=r"manifest\.json\.sig cannot be read"):
        read(folder)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"revoked_on": date(2027, 5, 1)}, "revoked on 2027-05-01"),
        ({"valid_until": date(2026, 10, 31)}, "valid until 2026-10-31"),
        ({"valid_from": date(2026, 11, 2)}, "valid from 2026-11-02"),
    ],
)
def test_a_key_that_was_revoked_or_not_valid_on_the_day_of_the_freeze_does_not_count(
    changes, sentence, tmp_path
):
    folder = signed(tmp_path / "list")
    with pytest.raises(SignatureRefused, match=sentence):
        read(folder, keys=key_set(**changes))


def test_a_key_counts_on_its_first_and_on_its_last_day(tmp_path):
    folder = signed(tmp_path / "list")
    keys = key_set(valid_from=FACTS.frozen_on, valid_until=FACTS.frozen_on)
    assert read(folder, keys=keys).rules


def test_the_key_set_comes_back_from_its_document():
    keys = key_set(SIGNING_KEY, OTHER_KEY, valid_until=date(2027, 1, 1), revoked_on=date(2026, 6, 1))
    assert KeySet.from_json(keys.to_json()).keys == keys.keys
    assert json.loads(keys.to_json())["keys"][0] == {
        "key_id": SIGNING_KEY.key_id,
        "public_key": SIGNING_KEY.public_pem,
        "valid_from": "2026-01-01",
        "valid_until": "2027-01-01",
        "revoked_on": "2026-06-01",
        "algorithm": "Ed25519",
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"key_id": "0" * 32}, "another public key"),
        ({"public_key": OTHER_KEY.public_pem}, "another public key"),
        ({"public_key": "nonsense"}, "not one in PEM"),
        ({"public_key": 5}, "without its id"),
        ({"algorithm": "RSA"}, "not of Ed25519"),
        ({"valid_from": None}, "from when"),
        ({"valid_until": "soon"}, "not a day"),
        ({"valid_until": "2025-01-01"}, "ends before"),
        ({"revoked_on": False}, "not a day"),
    ],
)
def test_a_key_set_that_contradicts_itself_is_refused(changes, sentence):
    document = json.loads(key_set().to_json())
    document["keys"][0] |= changes
    with pytest.raises(KeyRefused, match=sentence):
        KeySet.from_json(json.dumps(document).encode())


def test_a_key_that_does_not_say_whether_it_was_revoked_is_refused():
    document = json.loads(key_set().to_json())
    del document["keys"][0]["revoked_on"]
    with pytest.raises(KeyRefused, match="no revoked_on"):
        KeySet.from_json(json.dumps(document).encode())


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"format_version": 1}', b"[" * 100_000])
def test_what_is_no_key_set_is_refused(content):
    with pytest.raises(KeyRefused):
        KeySet.from_json(content)


def test_the_same_key_twice_is_refused():
    with pytest.raises(KeyRefused, match="twice"):
        key_set(SIGNING_KEY, SIGNING_KEY)


def test_a_private_key_comes_back_from_its_file_and_is_never_shown():
    again = SigningKey.from_pem(SIGNING_KEY.to_pem())
    assert again.signature_of(b"x") == SIGNING_KEY.signature_of(b"x")
    assert SIGNING_KEY.to_pem().decode() not in f"{SIGNING_KEY!r} {SIGNING_KEY}"


@pytest.mark.parametrize("pem", [b"", b"nonsense", SIGNING_KEY.public_pem.encode()])
def test_what_is_no_private_key_is_refused(pem):
    with pytest.raises(KeyRefused, match="not an unencrypted private key"):
        SigningKey.from_pem(pem)


def test_a_list_can_be_signed_later_and_anew_with_its_files_as_they_were(tmp_path):
    unsigned = signed(tmp_path / "unsigned", key=None)
    signed_copy(unsigned, output=tmp_path / "first", signing_key=OTHER_KEY)
    signed_copy(tmp_path / "first", output=tmp_path / "again", signing_key=SIGNING_KEY)
    assert files_under(tmp_path / "again") == files_under(signed(tmp_path / "at once"))
    with pytest.raises(OutputRefused):
        signed_copy(unsigned, output=tmp_path / "first", signing_key=SIGNING_KEY)


def test_a_broken_list_is_not_signed(tmp_path):
    folder = signed(tmp_path / "list", key=None)
    (folder / "README.md").write_text("another")
    with pytest.raises(ListBroken):
        signed_copy(folder, output=tmp_path / "copy", signing_key=SIGNING_KEY)
    assert not (tmp_path / "copy").exists()


def test_openssl_verifies_a_signature_and_computes_the_key_id_as_the_documentation_says(tmp_path):
    folder = signed(tmp_path / "list")
    (tmp_path / "key.pem").write_text(SIGNING_KEY.public_pem)
    script = (
        "cut -d' ' -f3 list/manifest.json.sig | openssl base64 -d -A > signature.bin\n"
        "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in list/manifest.json -sigfile signature.bin\n"
        "openssl pkey -pubin -in key.pem -outform DER | openssl dgst -sha256 -r | cut -c 1-32\n"
    )
    documented = (Path(__file__).parents[2] / "docs/exclusion-list.md").read_text()
    assert all(f"    {line}\n" in documented for line in script.replace("list/", "FOLDER/").splitlines())
    run = subprocess.run(["sh", "-e", "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert run.stdout.splitlines() == ["Signature Verified Successfully", SIGNING_KEY.key_id], run.stderr
    (folder / "manifest.json").write_bytes((folder / "manifest.json").read_bytes() + b" ")
    run = subprocess.run(["sh", "-e", "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode != 0


def test_facts_of_today_are_refused_under_a_key_of_tomorrow(tmp_path):
    facts = replace(FACTS, frozen_on=date(2025, 12, 31))
    write(SAMPLE, output=tmp_path / "list", format="csv", facts=facts, signing_key=SIGNING_KEY)
    with pytest.raises(SignatureRefused, match=f"valid from {DAY}"):
        check(tmp_path / "list", keys=key_set())

"""A receipt can be checked by whoever holds it, without asking anybody."""

import json
from dataclasses import replace
from datetime import date

import pytest

from bigcode_optout.exclusionlist import KeySet, ListBroken, PublicKey, SignatureRefused
from bigcode_optout.exclusionlist.__main__ import main
from bigcode_optout.exclusionlist.manifest import manifest_from_json
from bigcode_optout.exclusionlist.receipt import (
    ReceiptRefused,
    canonical,
    check_receipt,
    read_document,
    sign_receipt,
)

from .builders import DAY, OTHER_KEY, SIGNING_KEY, key_set

BODY = {
    "reference": "BC-7Q2M-4K",
    "asked": {"scope": ["ada-example", "Café"], "on": "2026-03-01"},
    "releases": [{"name": "v3.2", "rows_found": 12, "share": 0.5}],
    "issued_on": "2026-11-02",
}
RECEIPT = sign_receipt(BODY, SIGNING_KEY)


def test_what_is_signed_is_the_canonical_form_of_the_body_alone():
    signed = b'{"asked":{"on":"2026-03-01","scope":["ada-example","Caf\xc3\xa9"]},"issued_on":"2026-11-02",'
    assert canonical(BODY).startswith(signed)
    assert sign_receipt(BODY, SIGNING_KEY) == RECEIPT
    assert set(RECEIPT["signature"]) == {"algorithm", "key_id", "value"}
    assert {name: RECEIPT[name] for name in BODY} == BODY


@pytest.mark.parametrize("layout", [{}, {"indent": 4}, {"sort_keys": True}, {"ensure_ascii": False}])
def test_a_receipt_holds_in_whatever_layout_it_comes(tmp_path, layout):
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(RECEIPT, **layout), encoding="utf-8")
    assert check_receipt(read_document(file), key_set()) == SIGNING_KEY.key_id


def changed(**changes):
    return RECEIPT | {"signature": RECEIPT["signature"] | changes}


OTHER_SIGNATURE = sign_receipt(BODY | {"reference": "BC-0000-00"}, SIGNING_KEY)["signature"]["value"]


@pytest.mark.parametrize(
    ("receipt", "sentence"),
    [
        (BODY, "not signed"),
        (RECEIPT | {"reference": "BC-0000-00"}, "was changed"),
        (RECEIPT | {"more": None}, "was changed"),
        ({name: value for name, value in RECEIPT.items() if name != "releases"}, "was changed"),
        (changed(value=OTHER_SIGNATURE), "was changed"),
        (changed(value=RECEIPT["signature"]["value"][:-4]), "was changed"),
        (changed(value="!" + RECEIPT["signature"]["value"]), "cut off or changed"),
        (changed(value=None), "lacks its key or its value"),
        (changed(algorithm="none"), "not one of ed25519"),
        (RECEIPT | {"signature": "yes"}, "not one of ed25519"),
        (sign_receipt(BODY, OTHER_KEY), "is not in the key set"),
        (changed(key_id=OTHER_KEY.key_id), "is not in the key set"),
        (sign_receipt(BODY | {"issued_on": "2025-12-31"}, SIGNING_KEY), "is valid from 2026-01-01"),
        (sign_receipt(BODY | {"issued_on": "soon"}, SIGNING_KEY), "is not a day"),
    ],
)
def test_anything_but_what_the_desk_signed_is_refused_with_a_sentence(receipt, sentence):
    with pytest.raises(SignatureRefused, match=sentence):
        check_receipt(receipt, key_set())


def test_a_signature_written_another_way_is_refused():
    value = RECEIPT["signature"]["value"]
    # The last letter before "==" carries four bits that mean nothing.
    other = next(letter for letter in "ABCDEFGHIJKLMNOP" if letter != value[-3])
    with pytest.raises(SignatureRefused):
        check_receipt(changed(value=value[:-3] + other + "=="), key_set())


def test_a_leaked_key_proves_no_receipt_and_a_retired_one_proves_those_of_its_time():
    key = PublicKey.of(SIGNING_KEY.public_pem, valid_from=DAY)
    retired = KeySet([replace(key, valid_until=date(2026, 11, 2))])
    assert check_receipt(RECEIPT, retired) == SIGNING_KEY.key_id
    with pytest.raises(SignatureRefused, match="was valid until"):
        check_receipt(sign_receipt(BODY | {"issued_on": "2026-11-03"}, SIGNING_KEY), retired)
    with pytest.raises(SignatureRefused, match="was revoked"):
        check_receipt(RECEIPT, KeySet([replace(key, revoked_on=date(2026, 11, 20))]))


def test_a_body_is_signed_once_and_only_if_json_can_hold_it():
    for body, error in (
        (RECEIPT, ValueError),
        ({"share": float("nan")}, ValueError),
        ({"on": DAY}, TypeError),
    ):
        with pytest.raises(error):
            sign_receipt(body, SIGNING_KEY)


def test_a_name_that_stands_twice_is_refused(tmp_path):
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(RECEIPT).replace('"reference"', '"reference": "BC-1", "reference"', 1))
    with pytest.raises(ReceiptRefused, match="not JSON"):
        read_document(file)


def test_a_receipt_is_no_list_and_a_report_is_no_receipt(tmp_path, capsys):
    with pytest.raises(ListBroken):
        manifest_from_json(canonical(BODY))
    keys, file = tmp_path / "keys.json", tmp_path / "report.json"
    keys.write_bytes(key_set().to_json())
    file.write_text(json.dumps(sign_receipt({"report": "verify", "passed": True}, SIGNING_KEY)))
    assert main(["check-receipt", str(file), "--keys", str(keys)]) == 1
    assert "not a receipt" in capsys.readouterr().err


def test_the_command_says_whose_receipt_it_is_or_why_not(tmp_path, capsys):
    keys, file = tmp_path / "keys.json", tmp_path / "receipt.json"
    keys.write_bytes(key_set().to_json())
    file.write_text(json.dumps(RECEIPT))
    assert main(["check-receipt", str(file), "--keys", str(keys)]) == 0
    assert SIGNING_KEY.key_id in capsys.readouterr().out
    for content in (json.dumps(RECEIPT | {"reference": "BC-2"}), json.dumps(RECEIPT)[:-9], "[]"):
        file.write_text(content)
        assert main(["check-receipt", str(file), "--keys", str(keys)]) == 1
        said = capsys.readouterr()
        assert said.out == "" and said.err.count("\n") == 1
    assert main(["check-receipt", str(tmp_path / "none"), "--keys", str(keys)]) == 1

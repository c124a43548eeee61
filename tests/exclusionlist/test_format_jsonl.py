"""The canonical form is fixed to the byte, since its hash is what other writers are checked by."""

import json
import random
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bigcode_optout.exclusionlist import canonical_jsonl
from bigcode_optout.exclusionlist.format_jsonl import canonical_line
from bigcode_optout.exclusionlist.formats import SPECS
from bigcode_optout.exclusionlist.schema import row_from_rule

from .builders import lists_of_rules, rule


def test_the_canonical_form_is_this_to_the_byte():
    rules = [
        rule("Ada/X.js", ("files",), owner_id=2, repo_id=1),
        rule("Bob", name_valid_until=date(2023, 9, 6)),
    ]
    assert canonical_jsonl(rules) == (
        b'{"kind":"owner","name":"Bob","name_key":"bob","name_valid_until":"2023-09-06","owner_id":null,'
        b'"repo_id":null,"files":true,"commits":true,"issues":true,"since_release":"v3.2"}\n'
        b'{"kind":"repository","name":"Ada/X.js","name_key":"ada/x.js","name_valid_until":null,"owner_id":2,'
        b'"repo_id":1,"files":true,"commits":false,"issues":false,"since_release":"v3.2"}\n'
    )


def test_no_rules_are_no_bytes():
    assert canonical_jsonl([]) == b""


@given(lists_of_rules, st.randoms(use_true_random=False))
def test_the_same_rules_in_any_order_are_the_same_bytes_and_come_back(rules, chance: random.Random):
    content = canonical_jsonl(rules)
    assert set(SPECS["jsonl"].decode(content)) == set(rules)
    chance.shuffle(rules)
    assert canonical_jsonl(rules) == content


@given(lists_of_rules)
def test_each_line_is_what_a_json_encoder_makes_of_the_row(rules):
    for each in rules:
        row = row_from_rule(each) | {
            "name_valid_until": each.name_valid_until and each.name_valid_until.isoformat()
        }
        assert canonical_line(each) == json.dumps(row, separators=(",", ":")).encode() + b"\n"


def test_a_release_whose_name_json_escapes_is_escaped():
    [line] = canonical_jsonl([rule("ada", since_release='v3 "late" \\ x')]).splitlines()
    assert json.loads(line)["since_release"] == 'v3 "late" \\ x'

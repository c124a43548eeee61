"""A rule says what it seems to say, and a list of rules has one order."""

import random
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigcode_optout.exclusionlist import FactsRefused, ReleaseFacts, RuleRefused, Spellings, sorted_rules

from .builders import FACTS, any_rule, lists_of_rules, rule


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "gist"}, "neither"),
        ({"kind": "repository"}, "cannot have the name"),
        ({"name_key": "Ada"}, "not the folded name"),
        ({"files": False, "commits": False, "issues": False}, "asks for nothing"),
        ({"files": 1}, "true or false"),
        ({"owner_id": 0}, "positive"),
        ({"owner_id": -5}, "positive"),
        ({"owner_id": True}, "positive"),
        ({"owner_id": 2**63}, "positive"),
        ({"repo_id": 5}, "needs a repository rule"),
        ({"name_valid_until": datetime(2026, 1, 1)}, "must be a date"),
        ({"since_release": ""}, "release"),
        ({"since_release": "v3\n"}, "release"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused_with_a_sentence(changes, sentence):
    with pytest.raises(RuleRefused, match=sentence):
        replace(rule("Ada"), **changes)


@pytest.mark.parametrize(
    "name", ["ghost", "Ghost", "", "a b", "ada\n", "\u212aelvin", "a/b/c", "/b", "a/", "a/..", "=1+1", "*"]
)
def test_a_name_that_nobody_has_on_github_makes_no_rule(name):
    with pytest.raises(RuleRefused, match="cannot have the name"):
        rule(name)


@given(st.lists(any_rule(), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_of_arrival(rules, chance: random.Random):
    shuffled = rules * 2
    chance.shuffle(shuffled)
    assert sorted_rules(shuffled) == sorted_rules(rules)


@given(lists_of_rules)
def test_exact_duplicates_are_merged_and_nothing_else(rules):
    ordered = sorted_rules([*rules, *rules])
    assert len(ordered) == len(set(rules))
    assert set(ordered) == set(rules)


def test_rules_stand_by_kind_then_folded_name_with_absent_values_last():
    ordered = [
        rule("ada", name_valid_until=date(2022, 1, 1)),
        rule("ada", owner_id=3),
        rule("ada"),
        rule("Bob"),
        rule("ada/x", repo_id=4),
        rule("ada/x"),
    ]
    assert sorted_rules(reversed(ordered)) == ordered


@pytest.mark.parametrize(
    "changes",
    [
        {"release": "v3\n---"},
        {"release": ""},
        {"dataset": "d\u00e4ta"},
        {"previous_release": " v3"},
        {"frozen_on": datetime(2026, 1, 1)},
        {"frozen_on": "2026-01-01"},
        {"shared_content": "burn"},
    ],
)
def test_release_facts_that_could_not_stand_in_a_manifest_are_refused(changes):
    with pytest.raises(FactsRefused):
        replace(FACTS, **changes)


def test_a_first_release_has_no_previous_one_and_drops_shared_content_by_default():
    facts = ReleaseFacts("v1", "the-stack", None, date(2026, 1, 1))
    assert facts.shared_content == "drop"


@pytest.mark.parametrize(
    "tables",
    [
        {"owners": {"ada": ["Bob"]}},
        {"owners": {"kelvin": ["\u212aelvin"]}},
        {"repositories": {"ada/x": ["ada/y"]}},
        {"repositories_of_owner": {"ada": ["all"]}},
    ],
)
def test_a_spelling_of_somebody_else_is_refused(tables):
    with pytest.raises(FactsRefused):
        Spellings(**tables)

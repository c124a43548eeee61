"""The legacy list asks for what was asked, in every spelling, and admits what it cannot say."""

from collections import defaultdict
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigcode_optout.exclusionlist import Spellings, legacy_columns
from bigcode_optout.names import fold

from .builders import EVERYTHING, full_names, logins, rule, scopes
from .legacy_reader import four_lists

LOCATED = Spellings(
    owners={"ada": {"ada", "ADA"}},
    repositories={"ada/x": {"ada/X"}},
    repositories_of_owner={"ada": {"ada/x", "ADA/y"}},
)


@pytest.mark.parametrize(
    ("scope", "words", "lossy"),
    [
        (("files", "commits", "issues"), ["all"], 0),
        (("commits",), ["Commits"], 0),
        (("issues",), ["GitHub issue"], 0),
        (("commits", "issues"), ["Commits", "GitHub issue"], 0),
        (("files",), ["ADA/y", "ada/x"], 1),
        (("files", "commits"), ["ADA/y", "Commits", "ada/x"], 1),
        (("files", "issues"), ["ADA/y", "GitHub issue", "ada/x"], 1),
    ],
)
def test_each_scope_of_an_owner_is_said_as_far_as_the_format_can(scope, words, lossy):
    result = legacy_columns([rule("Ada", scope)], LOCATED)
    assert result.columns == {"ADA": words, "Ada": words, "ada": words}
    assert result.lossy_rules == lossy


@pytest.mark.parametrize(
    ("scope", "written", "lossy"),
    [
        (("files", "commits", "issues"), True, 0),
        (("files",), True, 1),
        (("files", "commits"), True, 1),
        (("files", "issues"), True, 1),
        (("commits",), False, 1),
        (("issues",), False, 1),
        (("commits", "issues"), False, 1),
    ],
)
def test_a_repository_is_written_if_its_files_were_asked_for(scope, written, lossy):
    result = legacy_columns([rule("Ada/x", scope)], LOCATED)
    names = ["Ada/x", "ada/X"]
    assert result.columns == ({"ADA": names, "Ada": names, "ada": names} if written else {})
    assert result.lossy_rules == lossy


@pytest.mark.parametrize(
    ("name", "scope", "repositories"),
    [
        ("Ada", EVERYTHING, {"ada/x", "ADA/y"}),
        ("Ada", ("files",), {"ada/x", "ADA/y"}),
        ("Ada", ("commits", "issues"), set()),
        ("Ada/x", EVERYTHING, {"ada/X"}),
        ("Ada/x", ("issues",), set()),
        ("Ada/gone", EVERYTHING, set()),
    ],
)
def test_a_name_with_an_end_never_names_the_account_of_its_next_holder(name, scope, repositories):
    result = legacy_columns([rule(name, scope, name_valid_until=date(2023, 9, 6))], LOCATED)
    lists = four_lists(result.columns)
    assert lists.repositories == repositories
    assert not lists.accounts_for_repositories | lists.accounts_for_commits | lists.accounts_for_issues
    assert result.lossy_rules == 1


def test_two_rules_of_one_owner_that_ask_for_everything_together_are_all():
    result = legacy_columns([rule("Ada", ("files",)), rule("ADA", ("commits", "issues"))], Spellings())
    assert result.columns == {"ADA": ["all"], "Ada": ["all"]}
    assert result.lossy_rules == 0


def test_a_repository_that_an_id_located_under_another_owners_name_stands_beside_all():
    located = Spellings(repositories_of_owner={"ada": {"ada/x", "former-ada/y"}})
    result = legacy_columns([rule("ada")], located)
    assert result.columns == {"ada": ["all", "former-ada/y"]}


def test_files_of_an_owner_of_whom_nothing_was_located_are_admitted_as_lossy():
    result = legacy_columns([rule("ada", ("files",))], Spellings())
    assert (result.columns, result.lossy_rules) == ({}, 1)


def test_a_spelling_known_from_any_row_of_the_index_is_a_column():
    located = Spellings(repositories_of_owner={"ada": {"aDa/x"}}, repositories={"ada/z": {"adA/z"}})
    assert set(legacy_columns([rule("Ada")], located).columns) == {"Ada", "aDa", "adA"}


def by_key(names: list[str], part: str) -> dict[str, set[str]]:
    table: dict[str, set[str]] = defaultdict(set)
    for name in names:
        table[fold(name.split("/")[0] if part == "owner" else name)].add(name)
    return dict(table)


@st.composite
def inputs(draw: st.DrawFn):
    days = st.none() | st.just(date(2023, 9, 6))
    rules = [
        rule(draw(logins | full_names), draw(scopes), name_valid_until=draw(days))
        for _ in range(draw(st.integers(0, 6)))
    ]
    rows = draw(st.lists(full_names, max_size=8))
    spellings = Spellings(
        owners=by_key(draw(st.lists(logins, max_size=6)), "owner"),
        repositories=by_key(rows, "whole"),
        repositories_of_owner=by_key(rows, "owner"),
    )
    return rules, spellings, rows


def asked(rules, key: str, *, standing: bool) -> set[str]:
    return {
        kind
        for rule in rules
        if rule.name_key == key and not (standing and rule.name_valid_until)
        for kind in rule.scope_kinds
    }


@given(inputs())
def test_every_owner_asked_for_is_listed_in_every_spelling(given_inputs):
    rules, spellings, rows = given_inputs
    lists = four_lists(legacy_columns(rules, spellings).columns)
    for rule_ in rules:
        if rule_.kind == "repository" or rule_.name_valid_until:
            continue
        key = rule_.name_key
        kinds = asked(rules, key, standing=True)
        known = {rule_.name, *spellings.owners.get(key, ())}
        known |= {row.split("/")[0] for row in rows if fold(row).startswith(f"{key}/")}
        if kinds == set(EVERYTHING):
            assert known <= lists.accounts_for_repositories
        if "commits" in kinds:
            assert known <= lists.accounts_for_commits
        if "issues" in kinds:
            assert known <= lists.accounts_for_issues


@given(inputs())
def test_no_account_is_listed_for_what_was_not_asked(given_inputs):
    rules, spellings, _ = given_inputs
    lists = four_lists(legacy_columns(rules, spellings).columns)
    for account in lists.accounts_for_repositories:
        assert asked(rules, fold(account), standing=True) == set(EVERYTHING)
    for account in lists.accounts_for_commits:
        assert "commits" in asked(rules, fold(account), standing=True)
    for account in lists.accounts_for_issues:
        assert "issues" in asked(rules, fold(account), standing=True)


@given(inputs())
def test_exactly_the_rows_whose_files_were_asked_for_are_dropped(given_inputs):
    rules, spellings, rows = given_inputs
    lists = four_lists(legacy_columns(rules, spellings).columns)
    for row in rows:
        wanted = asked(rules, fold(row), standing=False) | asked(
            rules, fold(row.split("/")[0]), standing=False
        )
        assert lists.drops(row) == ("files" in wanted)


@given(inputs())
def test_every_string_is_a_keyword_or_a_full_name_and_keywords_never_stand_beside_all(given_inputs):
    rules, spellings, _ = given_inputs
    columns = legacy_columns(rules, spellings).columns
    assert list(columns) == sorted(columns)
    for words in columns.values():
        assert words and words == sorted(set(words))
        assert {word for word in words if "/" not in word} in (
            set(),
            {"all"},
            {"Commits"},
            {"GitHub issue"},
            {"Commits", "GitHub issue"},
        )


@given(inputs())
def test_what_can_be_said_is_not_counted_as_lossy(given_inputs):
    rules, spellings, _ = given_inputs
    lossy = legacy_columns(rules, spellings).lossy_rules
    distinct = set(rules)
    dated = sum(rule_.name_valid_until is not None for rule_ in distinct)
    assert dated <= lossy <= len(distinct)
    whole = [rule_ for rule_ in distinct if rule_.scope_kinds == set(EVERYTHING)]
    assert legacy_columns([r for r in whole if not r.name_valid_until], spellings).lossy_rules == 0

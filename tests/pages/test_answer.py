"""The parts of an answer that an index of file rows cannot show yet: forks, languages, licences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.catalog.queries import Answer, RepositoryRow
from bigcode_optout.datasetindex import IndexedRepository, LanguageShare
from bigcode_optout.names import OwnerName
from bigcode_optout.pages.answer import AnswerPage
from bigcode_optout.pages.language_shares import language_bar


def row(name, *, is_fork=None, licences=()):
    found = IndexedRepository(
        f"otter-quay/{name}",
        "otter-quay",
        f"otter-quay/{name}",
        1,
        3,
        100,
        is_fork=is_fork,
        licences=licences,
    )
    return RepositoryRow(found.repo_name, found, DatasetVersion(name="v2.1"))


def page(*rows):
    answer = Answer(OwnerName("otter-quay"), [], list(rows), is_cut=False)
    return AnswerPage(answer, answer, name_contains="", sort="name")


def test_forks_stand_apart_where_the_dataset_knows_them():
    shown = page(row("kelp", is_fork=False), row("reef", is_fork=True), row("attic"))
    assert shown.knows_forks
    assert [each.row.short_name for each in shown.own] == ["attic", "kelp"]
    assert [each.row.short_name for each in shown.forks] == ["reef"]


def test_nothing_is_called_a_fork_where_the_dataset_does_not_say():
    assert not page(row("kelp"), row("reef")).knows_forks


def test_licences_are_listed_up_to_three():
    listed = page(row("kelp", licences=("MIT",)), row("reef", licences=("A", "B", "C", "D"))).rows
    assert [each.licences for each in listed] == ["MIT", "A, B, C and others"]


def test_four_languages_and_the_rest_make_the_bar():
    shares = [
        LanguageShare(name, 1, size) for name, size in zip("ABCDE", (500, 200, 100, 100, 50), strict=True)
    ]
    bar = language_bar([*shares, LanguageShare(None, 9, 50)])
    assert [(each.language, each.percent_text, each.tint) for each in bar] == [
        ("A", "50 %", 1), ("B", "20 %", 2), ("C", "10 %", 3), ("D", "10 %", 4), ("others", "10 %", 5)
    ]  # fmt: skip
    assert (bar[1].x, bar[1].length, bar[-1].length) == ("50.00%", "19.50%", "10.00%")


def test_files_count_where_the_dataset_has_no_sizes():
    bar = language_bar([LanguageShare("A", 3, 0), LanguageShare("B", 1, 0)])
    assert [(each.language, each.percent_text) for each in bar] == [("A", "75 %"), ("B", "25 %")]


@pytest.mark.parametrize("shares", [[], [LanguageShare("A", 0, 0)]])
def test_nothing_makes_no_bar(shares):
    assert language_bar(shares) == []


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**15)), max_size=6))
def test_the_bar_is_whole_and_no_stretch_leaves_it(sizes):
    bar = language_bar([LanguageShare(f"L{place}", *amounts) for place, amounts in enumerate(sizes)])
    assert len(bar) <= 5
    if bar:
        assert sum(each.percent for each in bar) == pytest.approx(100)
        assert all(each.start >= 0 and each.start + each.width <= 100.0001 for each in bar)

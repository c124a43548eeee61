"""How numbers, times and names are written."""

import datetime as dt

import pytest
import time_machine
from django.template import Context, Template

from bigcode_optout.core.templatetags import desk

NOW = "2026-11-22T12:00:00Z"
MOMENT = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("size", "number", "unit"),
    [
        (0, "0", "B"),
        (999, "999", "B"),
        (1_000, "1.0", "kB"),
        (88_120, "88.1", "kB"),
        (99_949, "99.9", "kB"),
        (99_950, "100", "kB"),
        (721_400, "721", "kB"),
        (999_499, "999", "kB"),
        (999_500, "1.0", "MB"),
        (65_500_000, "65.5", "MB"),
        (6_457_000_000_000, "6.5", "TB"),
        (5_000_000_000_000_000_000, "5,000", "PB"),
    ],
)
def test_a_size_has_about_three_digits_and_a_decimal_unit(size, number, unit):
    assert desk.byte_size(size) == f'{number} <span class="unit">{unit}</span>'


def test_numbers_have_thousands_separators_and_their_word_in_the_right_form():
    assert desk.count(224118306) == "224,118,306"
    assert [desk.plural(number, "file,files") for number in (0, 1, 7380)] == [
        "0 files",
        "1 file",
        "7,380 files",
    ]


def test_words_are_listed_as_in_a_sentence():
    assert [desk.listed(words) for words in (["a"], ["a", "b"], ["a", "b", "c"])] == [
        "a",
        "a and b",
        "a, b and c",
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "in a moment"),
        (-5, "just now"),
        (-90, "2 minutes ago"),
        (3600, "in 1 hour"),
        (-3 * 3600, "3 hours ago"),
        (86_400, "in 1 day"),
        (17 * 86_400 + 3600, "in 17 days"),
        (30 * 86_400 - 1, "in 30 days"),
        (-59 * 86_400, "59 days ago"),
        (-90 * 86_400, "3 months ago"),
        (3 * 366 * 86_400, "in 3 years"),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_a_time_is_told_by_its_distance(seconds, words):
    assert f">{words}</time>" in desk.when(MOMENT + dt.timedelta(seconds=seconds))


@time_machine.travel(NOW, tick=False)
def test_the_exact_time_stands_on_hover_in_utc():
    due = dt.datetime(2026, 12, 10, 0, 59, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert desk.when(due) == (
        '<time datetime="2026-12-09T23:59:00Z" title="Wednesday, 9 December 2026, 23:59 UTC">in 17 days</time>'
    )
    assert ">9 December 2026</time>" in desk.day(due)


@time_machine.travel(NOW, tick=False)
def test_a_date_is_counted_in_days_and_has_no_time_of_day():
    assert desk.when(dt.date(2026, 11, 22)) == (
        '<time datetime="2026-11-22" title="Sunday, 22 November 2026">today</time>'
    )
    assert ">in 1 day</time>" in desk.when(dt.date(2026, 11, 23))
    assert desk.month(dt.date(2023, 9, 6)) == (
        '<time datetime="2023-09-06" title="Wednesday, 6 September 2023">September 2023</time>'
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "under a minute"), (61, "1 minute"), (7200, "2 hours"), (2 * 86_400, "2 days")],
)
def test_a_length_of_time_is_told_in_its_largest_unit(seconds, words):
    assert desk.duration(seconds) == words


def test_a_full_name_may_wrap_after_its_slash_only_and_is_escaped():
    assert desk.breakable("otter-quay/kelp") == "<bdi>otter-quay/<wbr>kelp</bdi>"
    assert desk.breakable("otter-quay") == "<bdi>otter-quay</bdi>"
    assert desk.breakable("<b>/&") == "<bdi>&lt;b&gt;/<wbr>&amp;</bdi>"


def test_the_contact_address_needs_no_request(settings):
    settings.CONTACT_ADDRESS = "desk@example.org"
    assert Template("{% load desk %}{% contact %}").render(Context()) == "desk@example.org"

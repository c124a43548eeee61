"""When a task is put back after GitHub did not help, and until when."""

import datetime as dt

from bigcode_optout.githubapi import RateLimited, Unavailable, is_wait, next_try

NOW = dt.datetime(2027, 2, 1, 12, 0, tzinfo=dt.UTC)


def wait(error, tries=1):
    return (next_try(error, now=NOW, tries=tries) - NOW).total_seconds()


def test_githubs_own_word_counts_at_every_try():
    error = RateLimited(NOW + dt.timedelta(seconds=77), is_secondary=False)
    assert [wait(error, tries) for tries in (1, 5, 150)] == [77, 77, 77]
    assert is_wait(error)


def test_a_word_from_the_past_means_now():
    assert wait(RateLimited(NOW - dt.timedelta(seconds=5), is_secondary=True)) == 0


def test_silence_is_asked_again_later_and_later():
    assert [wait(Unavailable(), tries) for tries in (0, 1, 2, 3, 7, 8, 10_000)] == [
        10,
        10,
        20,
        40,
        640,
        900,
        900,
    ]
    assert not is_wait(Unavailable())

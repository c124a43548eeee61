"""A deadline runs from its making, over however many calls."""

from bigcode_optout.githubapi import Deadline


def test_a_deadline_runs_out_and_stays_out() -> None:
    now = 100.0
    deadline = Deadline(3, clock=lambda: now)

    assert deadline.remaining() == 3
    now = 102.5
    assert deadline.remaining() == 0.5
    assert not deadline.is_over
    now = 103.0
    assert deadline.is_over
    now = 200.0
    assert deadline.remaining() == 0.0


def test_a_deadline_without_time_is_over_at_once() -> None:
    assert Deadline(0).is_over
    assert Deadline(-1).remaining() == 0.0

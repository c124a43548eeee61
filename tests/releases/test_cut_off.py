"""Until when a request has to be sent to be on the next list for sure."""

import datetime as dt

import pytest
import time_machine

from bigcode_optout.releases import services
from bigcode_optout.releases.cut_off import cut_off_of
from tests.builders import make_user, submitted_request, the_stack

pytestmark = pytest.mark.django_db
FREEZE = dt.datetime(2027, 1, 15, 12, tzinfo=dt.UTC)


def planned(at=FREEZE):
    return services.plan(dataset=the_stack(), name="v3.1", freeze_planned_at=at)


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (dt.datetime(2026, 12, 15, 23, 59, 59, tzinfo=dt.UTC), True),
        (dt.datetime(2026, 12, 16, 0, 0, 0, tzinfo=dt.UTC), False),
    ],
)
def test_the_last_day_is_the_one_whose_decision_is_due_before_the_freeze(index, now, is_open):
    planned()
    with time_machine.travel(now, tick=False):
        found = cut_off_of("the-stack")
        assert found.send_before == dt.datetime(2026, 12, 16, tzinfo=dt.UTC)
        assert found.is_open is is_open
        request = submitted_request(make_user())
        assert (request.due_at <= FREEZE) is is_open


def test_without_a_planned_day_there_is_none(index):
    assert cut_off_of("the-stack") is None
    planned(at=None)
    assert cut_off_of("the-stack") is None


def test_a_planned_day_that_is_over_promises_nothing(index):
    planned()
    with time_machine.travel(FREEZE):
        assert cut_off_of("the-stack") is None


def test_a_frozen_release_has_none(index):
    services.freeze(release_id=planned().pk, by=None)
    assert cut_off_of("the-stack") is None

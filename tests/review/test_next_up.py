"""Next in queue: the most urgent request that waits, and that no colleague has; and who has which one open."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.urls import reverse

from bigcode_optout.core import clock
from bigcode_optout.removals import deciding, services, two_people
from bigcode_optout.removals.models import Decision, RemovalRequest
from bigcode_optout.review.models import OpenRequest
from tests.builders import make_reviewer, make_user
from tests.review.cases import address, decide, text_of, waiting_request
from tests.staff import staff_client

QUEUE = reverse("admin:removals_removalrequest_changelist")
NEXT = reverse("admin:removals_removalrequest_next")
pytestmark = pytest.mark.usefixtures("index")


@pytest.fixture
def three(db) -> list[RemovalRequest]:
    """Three that wait, the most urgent first."""
    found = [waiting_request(make_user(600 + number, f"person-{number}")) for number in range(3)]
    for days, request in enumerate(found):
        RemovalRequest.objects.filter(pk=request.pk).update(due_at=clock.now() + timedelta(days=days + 1))
        request.refresh_from_db()
    return found


@pytest.fixture
def colleague(db):
    """Another reviewer's browser."""
    return staff_client(make_reviewer("j.amadi"))


def opened(browser, **given) -> str:
    """Where “next” leads to."""
    return browser.post(NEXT, given)["Location"]


def test_next_is_the_most_urgent_one(desk, three):
    assert opened(desk) == address(three[0])


def test_two_who_press_next_get_two_requests(desk, colleague, three):
    assert opened(desk) == address(three[0])
    assert opened(colleague) == address(three[1])


def test_next_skips_what_a_colleague_looks_at(desk, colleague, three):
    colleague.get(address(three[0]))
    assert opened(desk) == address(three[1])


def test_next_skips_what_is_on_a_colleagues_desk_and_takes_what_is_on_ones_own(desk, reviewer, three):
    other = make_reviewer("k.sol")
    services.assign(by=other, request_id=three[0].pk, to=other)
    services.assign(by=reviewer, request_id=three[1].pk, to=reviewer)
    assert opened(desk) == address(three[1])


def test_next_goes_on_behind_the_one_that_was_looked_at_and_round_to_the_start(desk, three):
    assert opened(desk, after=three[0].pk) == address(three[1])
    assert opened(desk, after=three[2].pk) == address(three[0])


def test_next_stays_in_the_list_that_was_worked_through(desk, three):
    single = waiting_request(names=["otter-quay/reef"])
    assert opened(desk, list="waiting=us&scope=repository") == address(single)
    assert opened(desk, after=single.pk).startswith(QUEUE)
    assert opened(desk, list="waiting=us") == address(three[0])


def test_nobody_is_led_to_their_own_request(desk, reviewer, three):
    reviewer.same_person_as = three[0].requester
    reviewer.save()
    assert opened(desk) == address(three[1])


def test_nobody_is_led_to_what_they_proposed_themselves_and_a_colleague_is(desk, colleague, reviewer, three):
    verdicts = deciding.declining(three[0].pk, Decision.Reason.ABUSIVE)
    two_people.propose(by=reviewer, request_id=three[0].pk, verdicts=verdicts)
    assert opened(desk) == address(three[1])
    assert "e.thorne proposed a decision" in text_of(colleague.get(QUEUE))
    assert opened(colleague) == address(three[0])


def test_an_appeal_is_for_senior_reviewers(desk, three):
    deciding.deny(
        by=make_reviewer("denies"), request_id=three[0].pk, reason=Decision.Reason.INSUFFICIENT_PROOF
    )
    services.appeal(by=three[0].requester, request_id=three[0].pk, text="Look again.")
    RemovalRequest.objects.filter(pk=three[0].pk).update(due_at=clock.now())
    assert opened(desk) == address(three[1])
    senior = make_reviewer("senior")
    senior.user_permissions.add(Permission.objects.get(codename="decide_senior"))
    assert opened(staff_client(senior)) == address(three[0])


def test_when_nothing_is_left_it_says_so(desk, three):
    for request in three:
        decide(desk, request, "accept")
    page = desk.post(NEXT, follow=True)
    assert "Nothing else in this list waits for you now." in text_of(page)


def test_who_opens_it_second_reads_who_has_it_open(desk, colleague, three):
    assert "has this open" not in text_of(desk.get(address(three[0])))
    assert "e.thorne has this open" in text_of(colleague.get(address(three[0])))
    assert "e.thorne has it open" in text_of(colleague.get(QUEUE))
    assert "has it open" not in text_of(desk.get(QUEUE))


def test_it_is_nobodys_after_a_quarter_of_an_hour_without_activity(desk, colleague, three):
    with time_machine.travel(clock.now(), tick=False) as time:
        desk.get(address(three[0]))
        time.shift(timedelta(minutes=14))
        assert "e.thorne has this open" in text_of(colleague.get(address(three[0])))
        time.shift(timedelta(minutes=2))
        assert "has this open" not in text_of(colleague.get(address(three[0])))
        assert "j.amadi has this open" in text_of(desk.get(address(three[0])))


def test_typing_keeps_it_open(desk, colleague, three):
    stay = address(three[0], "stay")
    with time_machine.travel(clock.now(), tick=False) as time:
        desk.get(address(three[0]))
        time.shift(timedelta(minutes=14))
        assert desk.post(stay).status_code == 200
        time.shift(timedelta(minutes=14))
        assert "e.thorne has this open" in text_of(colleague.post(stay))


def test_the_note_bars_nobody_from_deciding(desk, colleague, three):
    desk.get(address(three[0]))
    decide(colleague, three[0], "accept")
    three[0].refresh_from_db()
    assert three[0].state == "accepted"


def test_who_only_reads_has_nothing_open(boss, releases, desk, three, manager):
    manager.user_permissions.add(Permission.objects.get(codename="view_removalrequest"))
    assert releases.get(address(three[0])).status_code == 200
    assert not OpenRequest.objects.exists()
    assert releases.post(NEXT).status_code == 403

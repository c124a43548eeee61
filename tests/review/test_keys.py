"""A day's queue worked by keyboard alone, in a real browser."""

import pytest
from playwright.sync_api import expect

from bigcode_optout.removals.models import RemovalRequest
from tests.builders import make_index, make_reviewer, make_user
from tests.e2e.browser import Visitor, running_browser
from tests.review.cases import waiting_request
from tests.review.conftest import ROWS
from tests.staff import staff_client

QUEUE = "/admin/removals/removalrequest/"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def session(live_server, tmp_path) -> str:
    """A reviewer's session, with twenty requests that wait. Made before the browser starts, whose loop Django minds."""
    make_index(tmp_path, ROWS)
    for number in range(20):
        waiting_request(make_user(600 + number, f"person-{number}"))
    return staff_client(make_reviewer()).cookies["sessionid"].value


def at_the_desk(browser, live_server, session: str) -> Visitor:
    visitor = Visitor(browser, live_server.url)
    visitor.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    visitor.open(QUEUE)
    return visitor


def stands(locator) -> None:
    """The next page is there, with its script."""
    expect(locator).to_be_visible()
    locator.page.wait_for_load_state()


def go_on(page) -> None:
    """To the next one; the page before has the same heading, and must be gone when keys are pressed."""
    with page.expect_navigation():
        page.keyboard.press("n")


def is_fine(visitor: Visitor) -> None:
    """Nothing to complain about, and axe finds nothing; what the policy forbids axe itself to do is no complaint."""
    assert visitor.complaints == []
    visitor.is_accessible()
    visitor.complaints.clear()


def accept(page) -> None:
    page.keyboard.press("a")
    page.keyboard.press("Enter")


def ask(page) -> None:
    page.keyboard.press("q")
    page.keyboard.type("Dear asker, and did anybody not note it? Quite so.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def deny(page) -> None:
    page.keyboard.press("d")
    page.keyboard.type("Insufficient")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


# What is done to one after the other, and the state that comes of it.
DAY = [(accept, "accepted"), (ask, "needs_information"), (deny, "denied"), (accept, "accepted")] * 5


def test_twenty_requests_are_worked_by_keyboard_and_none_without_its_preview(live_server, session):
    with running_browser() as browser:
        visitor = at_the_desk(browser, live_server, session)
        page = visitor.page
        for step, _ in DAY:
            go_on(page)
            stands(page.get_by_role("heading", name="Decision", exact=True))
            step(page)
            stands(page.get_by_text("Nothing has been sent yet."))
            page.keyboard.press("c")
            stands(page.locator(".messagelist .success"))
        page.keyboard.press("n")
        visitor.expects("Nothing else in this list waits for you now.")
        visitor.close()
    found = list(RemovalRequest.objects.values_list("state", flat=True))
    assert sorted(found) == sorted(state for _, state in DAY)


def test_letters_in_a_field_are_letters_and_the_keys_are_written_down(live_server, session):
    with running_browser() as browser:
        visitor = at_the_desk(browser, live_server, session)
        page = visitor.page
        is_fine(visitor)
        page.get_by_label("Find").fill("")
        page.get_by_label("Find").press_sequentially("nadqt?")
        assert page.url.endswith(QUEUE)
        page.get_by_label("Find").blur()
        page.keyboard.press("?")
        expect(page.get_by_text("next in queue", exact=True)).to_be_visible()
        go_on(page)
        stands(page.get_by_role("heading", name="Decision", exact=True))
        page.keyboard.press("t")
        page.keyboard.type("And note: ask anna?")
        assert page.locator("#text_note").input_value() == "And note: ask anna?"
        is_fine(visitor)
        for control in page.locator("[data-key]").all():
            assert control.is_visible() and control.inner_text().strip()
        visitor.context.close()
    assert set(RemovalRequest.objects.values_list("state", flat=True)) == {"in_review"}


def test_many_at_once_from_the_list_to_the_page_in_between(live_server, session):
    with running_browser() as browser:
        visitor = at_the_desk(browser, live_server, session)
        visitor.page.locator("#action-toggle").check()
        visitor.page.locator("select[name=action]").select_option("ask")
        visitor.press("Go")
        visitor.expects("Nothing has been done yet.")
        visitor.page.get_by_label("Question").fill("Which of them?")
        visitor.press("Show what they will read")
        is_fine(visitor)
        visitor.press("Ask about 20 requests")
        visitor.expects("0 of 20 requests")
        is_fine(visitor)
        visitor.page.set_viewport_size({"width": 390, "height": 844})
        visitor.fits()
        visitor.context.close()
    assert set(RemovalRequest.objects.values_list("state", flat=True)) == {"in_review"}

"""A repository is given away after it was accepted: the release is prepared, and its owner reads what comes of it."""

import pytest
import requests
from playwright.sync_api import expect

from tests.e2e.browser import DESKTOP, PHONE
from tests.e2e.ways import give_password_again, send, staff, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.worker]
GIVEN_AWAY = "moss-kettering/reed-organ"


def change(desk, verb, **fields):
    """Let something happen on the stand-in."""
    answer = requests.post(
        f"{desk.demo.sandbox_url}/_sandbox/world", json={"verb": verb, **fields}, timeout=5
    )
    assert answer.status_code == 204, answer.text


def fits_everywhere(visitor):
    """Nothing sticks out, on a desk and on a phone."""
    for size in (PHONE, DESKTOP):
        visitor.page.set_viewport_size(size)
        visitor.fits()


def test_a_release_is_prepared_and_a_contradiction_reaches_the_requester(desk, visit):
    visitor = visit()
    visitor.sign_in("moss-kettering")
    visitor.open("/requests/new/")
    visitor.page.get_by_label("Only the repositories I choose").check()
    visitor.page.locator(f'input[value="{GIVEN_AWAY}"]').check()
    reference = send(visitor, email="moss@kettering.example")
    wait_for(visitor, reference, "Accepted")
    change(desk, "transfer_repository", full_name=GIVEN_AWAY, new_owner="low-tide-club")

    release = desk.next_release()
    manager = staff(desk, visit, "release-manager")
    manager.open("/admin/releases/release/")
    manager.page.get_by_role("link", name=release, exact=True).click()
    manager.expects("Nobody has asked GitHub again")
    fits_everywhere(manager)
    manager.press(f"Prepare {release}")
    expect(manager.page.get_by_role("button", name=f"Prepare {release} again")).to_be_visible(timeout=60_000)
    manager.expects(reference)
    manager.expects("another owner")
    fits_everywhere(manager)
    manager.page.get_by_role("link", name=f"Freeze {release}").click()
    give_password_again(desk, manager, "release-manager")
    assert manager.page.get_by_label("Freeze without fresh facts").count() == 0

    wait_for(visitor, reference, "GitHub says otherwise by now")
    visitor.expects("In review")
    fits_everywhere(visitor)
    visitor.is_accessible()

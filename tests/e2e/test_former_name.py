"""Somebody whose account had another name when the data was gathered."""

import os
from pathlib import Path

import pytest

from tests.e2e.browser import DESKTOP, PHONE
from tests.e2e.ways import send, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.worker]


def look(visitor, name):
    """The page holds on a desk and on a phone; a picture of both where LOOK_AT names a folder."""
    for size in (PHONE, DESKTOP):
        visitor.page.set_viewport_size(size)
        visitor.fits()
        if folder := os.environ.get("LOOK_AT"):
            visitor.page.screenshot(path=Path(folder) / f"{name}-{size['width']}.png", full_page=True)
    visitor.is_accessible()


def test_a_former_name_is_suggested_added_and_shown_by_what_github_still_knows(visit):
    visitor = visit()
    visitor.sign_in("brindle-fenn")
    visitor.open("/requests/new/")
    visitor.expects("6 repositories of brindle-fenn stand under this name.")
    look(visitor, "suggested")
    visitor.press("It was my name: add fennwick")
    visitor.expects("fennwick is in your list. Tick it to ask for it.")
    visitor.page.get_by_label("fennwick", exact=False).last.check()
    look(visitor, "added")
    reference = send(visitor)
    wait_for(visitor, reference, "Accepted")
    visitor.expects("Former name, what stands under it.")
    visitor.expects("lead to this owner by number")
    look(visitor, "status")


def test_a_name_that_nothing_suggests_can_be_typed(visit):
    visitor = visit()
    visitor.sign_in("quillon-marsh")
    visitor.open("/requests/new/former-name/")
    look(visitor, "typed")
    visitor.press("Add the name to my list")
    visitor.expects("Nothing was typed.")
    visitor.page.get_by_label("The name before").fill("old-marsh")
    visitor.press("Add the name to my list")
    visitor.expects("No version holds anything under this name now.")

"""Owners of organisations in front of a browser: a one-time code, a second owner, an objection."""

import re

import pytest

from tests.e2e.ways import choose_claimed, claim_organisation, send, wait_for, wait_for_state, wait_on

pytestmark = [pytest.mark.browser, pytest.mark.worker]


def test_an_owner_whose_organisation_keeps_sites_out_proves_it_by_a_code_in_the_profile(visit, demo):
    visitor = visit()
    visitor.sign_in("ansel-thorncroft")
    claim_organisation(visitor, "ansel-thorncroft", "harrow-and-pine")
    visitor.expects("How can you show that you may decide for harrow-and-pine?")
    visitor.expects("The organisation does not let this site read about it.")
    visitor.is_accessible()
    visitor.press("Put a one-time code in its public profile")
    visitor.press("Give me a code")
    code = visitor.page.locator("#code").inner_text()
    page = visitor.page.url.removeprefix(demo.url)
    visitor.is_accessible()
    visitor.fits()
    changed = visitor.page.request.post(
        f"{demo.sandbox_url}/_sandbox/world",
        data={"verb": "edit_profile", "login": "harrow-and-pine", "description": f"Seeds. {code}"},
    )
    assert changed.status == 204
    visitor.press("It is there: look now")
    wait_on(visitor, page, "You may take the code down now.")
    visitor.press("Choose what should be left out")
    choose_claimed(visitor)
    reference = send(visitor)
    # The code shows an owner's consent; how many others there are, an organisation that keeps sites out shows nobody.
    wait_for(visitor, reference, "GitHub did not show how many members the organisation has")


def test_a_second_owner_confirms_for_a_large_organisation_through_the_link(visit, demo):
    maren, tobin = visit(), visit()
    maren.sign_in("maren-holloway")
    claim_organisation(maren, "maren-holloway", "skerry-archive")
    maren.expects("GitHub says you are an owner of skerry-archive.")
    choose_claimed(maren)
    reference = send(maren)
    wait_for(maren, reference, "The organisation is large")
    maren.press("Let another owner confirm")
    maren.press("Make a link")
    path = re.search(r"/second-owner/[0-9a-f-]+/", maren.page.locator("main").inner_text())[0]
    maren.is_accessible()
    maren.fits()

    tobin.open(path)
    tobin.press("Sign in with GitHub")
    tobin.pass_github("tobin-ashgrove")
    tobin.expects("Are you an owner of skerry-archive?")
    assert "maren" not in tobin.page.locator("main").inner_text()
    tobin.is_accessible()
    tobin.press("Let GitHub show my role")
    tobin.pass_github("tobin-ashgrove")
    tobin.expects("maren-holloway asks that this is left out")
    tobin.is_accessible()
    tobin.press("Confirm this request")
    tobin.expects("You confirmed that skerry-archive may be decided about as you read it.")

    wait_for(maren, reference, "1 other owner has confirmed it.")
    wait_for(maren, reference, "For a large organisation a reviewer has the last word")
    assert "more than one of its owners should know" not in maren.page.locator("main").inner_text()
    assert "tobin" not in maren.page.locator("main").inner_text()


def test_a_co_owner_sees_what_is_asked_but_not_who_and_objects(visit, demo):
    hale, sunniva = visit(), visit()
    hale.sign_in("hale-ostrander")
    claim_organisation(hale, "hale-ostrander", "norrvik-instruments")
    choose_claimed(hale)
    reference = send(hale)
    wait_for(hale, reference, "Owner of the organisation")

    sunniva.sign_in("sunniva-dahl")
    claim_organisation(sunniva, "sunniva-dahl", "norrvik-instruments")
    sunniva.open("/requests/")
    sunniva.expects("of somebody else over norrvik-instruments")
    sunniva.is_accessible()
    sunniva.press("See what is asked")
    sunniva.expects("Everything under norrvik-instruments")
    words = sunniva.page.locator("main").inner_text()
    assert "hale" not in words and reference not in words
    sunniva.is_accessible()
    sunniva.fits()
    sunniva.press("Object")
    sunniva.is_accessible()
    sunniva.page.get_by_label("Why do you object?").fill("We decide about it together.")
    sunniva.press("Object to this request")
    sunniva.expects("We have your objection.")

    wait_for(hale, reference, "Another owner objected")
    wait_for_state(hale, reference, "In review")
    words = hale.page.locator("main").inner_text()
    assert "sunniva" not in words and "together" not in words

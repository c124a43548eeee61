"""The ways that must work, walked by people in front of a browser, on the whole desk as `make demo` runs it."""

import json

import pytest
from playwright.sync_api import expect

from tests.e2e.paper import expect_receipt_on_paper
from tests.e2e.ways import choose_everything, look_up, send, staff, wait_for, wait_for_state

pytestmark = [pytest.mark.browser, pytest.mark.worker]


def test_from_the_look_up_to_the_exported_list(desk, visit, tmp_path):
    visitor = visit()
    look_up(visitor, "https://github.com/QUILLON-marsh?tab=repositories")
    visitor.expects("14 repositories of quillon-marsh are in The Stack")
    visitor.is_accessible()
    visitor.press("Sign in with GitHub to remove them")
    visitor.press("Sign in with GitHub")
    visitor.pass_github("quillon-marsh")
    visitor.expects("What should be left out?")
    visitor.page.get_by_label("Only the repositories I choose").check()
    visitor.expects("Forks: 0 of 3 chosen")
    visitor.is_accessible()
    visitor.page.get_by_label("Everything under quillon-marsh").check()
    reference = send(visitor, email="quillon@saltmarsh.example")
    wait_for(visitor, reference, "Accepted")
    visitor.expects("Own account")
    visitor.is_accessible()
    with visitor.page.expect_download() as download:
        visitor.press("Receipt as JSON")
    receipt = json.loads(download.value.path().read_text())
    assert receipt["reference"] == reference
    assert "- owner quillon-marsh files commits issues" in receipt["canonical_text"]
    expect_receipt_on_paper(visitor, reference)

    release = desk.next_release()
    prepared = json.loads(desk.manage("prepare_release", release, "--dataset", "the-stack", "--json"))
    assert prepared["finished_at"]
    frozen = json.loads(desk.manage("freeze_release", release, "--dataset", "the-stack", "--json"))
    assert frozen["state"] == "frozen"
    desk.manage("export_release", release, "--format", "csv", "--output", str(tmp_path / "csv"), "--json")
    rows = (tmp_path / "csv" / "data" / "exclusions.csv").read_text().splitlines()
    assert any(row.startswith("owner,quillon-marsh,quillon-marsh,,4117902,") for row in rows)
    desk.manage("hand_over_release", release, "--json")
    wait_for(visitor, reference, f"in the list handed over for {release}")
    assert desk.mails("quillon@saltmarsh.example") >= {"received", "accepted", "in_release"}


def test_a_member_asks_for_an_organisations_repository_and_reads_why_it_was_declined(desk, visit):
    visitor = visit()
    look_up(visitor, "norrvik-instruments/field-recorder-firmware")
    visitor.expects("is in The Stack")
    visitor.sign_in("wren-abernathy")
    visitor.open("/requests/new/repository/")
    visitor.page.get_by_label("Repository on GitHub").fill("norrvik-instruments/field-recorder-firmware")
    visitor.press("Let GitHub show my permission")
    visitor.pass_github("wren-abernathy")
    visitor.expects("GitHub does not say that you administer norrvik-instruments/field-recorder-firmware")
    visitor.page.locator(".claimed input[value=repository]").check()
    reference = send(visitor)
    wait_for(visitor, reference, "In review")
    visitor.expects("Why a person looks at it")

    reviewer = staff(desk, visit, "reviewer")
    reviewer.open("/admin/removals/removalrequest/")
    reviewer.press(reference)
    reviewer.page.get_by_label("Decline").first.check()
    reviewer.page.locator("select").first.select_option("no_authority")
    reviewer.press("Show what they will read")
    reviewer.expects(
        "Only an owner of the organisation or an administrator of the repository can decide this"
    )
    reviewer.page.locator("button[value=confirm]").click()

    wait_for(visitor, reference, "Denied")
    visitor.expects("Only an owner of the organisation or an administrator of the repository can decide this")
    visitor.expects("Ask for a second look")


def test_what_is_withdrawn_before_the_freeze_is_not_in_the_list(desk, visit, tmp_path):
    visitor = visit()
    visitor.sign_in("hale-ostrander")
    choose_everything(visitor, "hale-ostrander")
    reference = send(visitor)
    wait_for(visitor, reference, "Accepted")
    visitor.press("Withdraw this request")
    visitor.expects("Then we do not leave this out")
    visitor.press("Withdraw this request")
    wait_for(visitor, reference, "Withdrawn")
    release = desk.next_release()
    desk.manage("freeze_release", release, "--dataset", "the-stack", "--without-preparation", "--json")
    desk.manage("export_release", release, "--format", "csv", "--output", str(tmp_path / "csv"))
    assert "hale-ostrander" not in (tmp_path / "csv" / "data" / "exclusions.csv").read_text()


def test_a_second_person_cannot_open_anything_of_the_first(desk, visit):
    first, second = visit(), visit()
    first.sign_in("odalys-brook")
    choose_everything(first, "odalys-brook")
    reference = send(first)
    second.sign_in("pemberly-quiet")
    for part in ("", "sent/", "progress/", "receipt/", "receipt.json", "withdraw/"):
        answer = second.page.request.get(f"{second.url}/requests/{reference}/{part}")
        assert answer.status == 404, part
        assert "odalys" not in answer.text()
    signed_out = visit()
    answer = signed_out.page.request.get(f"{second.url}/requests/{reference}/", max_redirects=0)
    assert answer.status == 302


def test_the_progress_comes_by_itself(desk, visit):
    visitor = visit()
    visitor.sign_in("pemberly-quiet")
    choose_everything(visitor, "pemberly-quiet")
    visitor.expects("Nothing of it is in a version now.")
    reference = send(visitor)
    visitor.open(f"/requests/{reference}/")
    expect(visitor.page.locator("main")).to_contain_text("Accepted", timeout=20_000)
    visitor.expects("none in v2.1")
    visitor.expects("Own account")


def test_everything_works_without_javascript(desk, visit):
    visitor = visit(java_script_enabled=False)
    visitor.sign_in("moss-kettering")
    visitor.open("/requests/new/")
    visitor.page.get_by_label("Only the repositories I choose").check()
    visitor.page.get_by_label("Filter by name").fill("bog")
    visitor.page.get_by_role("button", name="Filter").click()
    visitor.page.get_by_label("bog-lamp").check()
    reference = send(visitor)
    # The proof stands there before the policy has read it.
    wait_for_state(visitor, reference, "Accepted")
    visitor.expects("Own account")
    part = visitor.page.locator("table.parts tbody tr").first.inner_text()
    assert "bog-lamp" in part and "Accepted" in part


WORDS = {
    "tern hollow": "has a space",
    "ghost": "so it is nobody’s name",
    "nobody-has-this-name": "Nothing of nobody-has-this-name is in The Stack",
    "https://gitlab.com/somebody": "is not on github.com",
}


@pytest.mark.parametrize(("typed", "words"), WORDS.items())
def test_the_look_up_says_clearly_what_it_cannot_find(desk, visit, typed, words):
    visitor = visit()
    look_up(visitor, typed)
    visitor.expects(words)
    visitor.is_accessible()
    visitor.fits()

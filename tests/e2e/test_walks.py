"""The ways that must work, walked by people in front of a browser, on the whole desk as `make demo` runs it."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.worker]


def look_up(visitor, name):
    visitor.open("/")
    visitor.page.get_by_label("GitHub user, organisation or repository").fill(name)
    visitor.press("Look it up")


def send(visitor, email=""):
    """From the choice to the confirmation; gives the reference number."""
    visitor.press("Go on with this choice")
    if email:
        visitor.page.get_by_label("E-mail address").fill(email)
    visitor.press("Go on to check")
    visitor.press("Send the request")
    visitor.reads("We have your request")
    return visitor.page.locator(".reference").first.inner_text()


def wait_for(visitor, reference, words, *, tries=60):
    """Look at the status page until it says `words`; the worker needs a moment."""
    visitor.open(f"/requests/{reference}/")
    for _ in range(tries):
        if words in visitor.page.locator("main").inner_text():
            return
        visitor.page.wait_for_timeout(500)
        visitor.page.reload()
    visitor.reads(words)


def staff(desk, visit, role):
    visitor = visit()
    username, password = desk.staff[role]
    visitor.open("/admin/")
    visitor.page.get_by_label("Username").fill(username)
    visitor.page.get_by_label("Password").fill(password)
    visitor.press("Log in")
    return visitor


def test_from_the_look_up_to_the_exported_list(desk, visit, tmp_path):
    visitor = visit()
    look_up(visitor, "https://github.com/QUILLON-marsh?tab=repositories")
    visitor.reads("14 repositories of quillon-marsh are in The Stack")
    visitor.is_accessible()
    visitor.press("Sign in with GitHub to remove them")
    visitor.press("Sign in with GitHub")
    visitor.pass_github("quillon-marsh")
    visitor.reads("What should be left out?")
    visitor.page.get_by_label("Everything under quillon-marsh").check()
    visitor.is_accessible()
    reference = send(visitor, email="quillon@saltmarsh.example")
    wait_for(visitor, reference, "Accepted")
    visitor.reads("Own account")
    visitor.is_accessible()
    with visitor.page.expect_download() as download:
        visitor.press("Receipt as JSON")
    receipt = json.loads(download.value.path().read_text())
    assert receipt["reference"] == reference
    assert "- owner quillon-marsh files commits issues" in receipt["canonical_text"]

    frozen = json.loads(desk.manage("freeze_release", desk.release, "--dataset", "the-stack", "--json"))
    assert frozen["state"] == "frozen"
    desk.manage(
        "export_release", desk.release, "--format", "csv", "--output", str(tmp_path / "csv"), "--json"
    )
    rows = (tmp_path / "csv" / "data" / "exclusions.csv").read_text().splitlines()
    assert any(row.startswith("owner,quillon-marsh,quillon-marsh,,4117902,") for row in rows)
    desk.manage("hand_over_release", desk.release, "--json")
    wait_for(visitor, reference, f"in the list handed over for {desk.release}")
    assert desk.mails("quillon@saltmarsh.example") >= {"received", "accepted", "in_release"}


def test_a_member_asks_for_an_organisations_repository_and_reads_why_it_was_declined(desk, visit):
    visitor = visit()
    look_up(visitor, "norrvik-instruments/field-recorder-firmware")
    visitor.reads("is in The Stack")
    visitor.sign_in("wren-abernathy")
    visitor.open("/requests/new/repository/")
    visitor.page.get_by_label("Repository on GitHub").fill("norrvik-instruments/field-recorder-firmware")
    visitor.press("Let GitHub show my permission")
    visitor.pass_github("wren-abernathy")
    visitor.reads("GitHub does not say that you administer norrvik-instruments/field-recorder-firmware")
    visitor.page.locator(".claimed input[type=checkbox]").check()
    reference = send(visitor)
    wait_for(visitor, reference, "In review")
    visitor.reads("Why a person looks at it")

    reviewer = staff(desk, visit, "reviewer")
    reviewer.open("/admin/removals/removalrequest/")
    reviewer.press(reference)
    reviewer.page.get_by_label("Decline").first.check()
    reviewer.page.locator("select").first.select_option("no_authority")
    reviewer.press("Show what they will read")
    reviewer.reads("Only an owner of the organisation or an administrator of the repository can decide this")
    reviewer.page.locator("button[value=confirm]").click()

    wait_for(visitor, reference, "Denied")
    visitor.reads("Only an owner of the organisation or an administrator of the repository can decide this")
    visitor.reads("Ask for a second look")


def test_what_is_withdrawn_before_the_freeze_is_not_in_the_list(desk, visit, tmp_path):
    visitor = visit()
    visitor.sign_in("hale-ostrander")
    visitor.open("/requests/new/")
    visitor.page.get_by_label("Everything under hale-ostrander").check()
    reference = send(visitor)
    wait_for(visitor, reference, "Accepted")
    visitor.press("Withdraw this request")
    visitor.reads("Then we do not leave this out")
    visitor.press("Withdraw this request")
    wait_for(visitor, reference, "Withdrawn")
    desk.manage("freeze_release", "v9.9", "--dataset", "the-stack", "--json")
    desk.manage("export_release", "v9.9", "--format", "csv", "--output", str(tmp_path / "csv"))
    assert "hale-ostrander" not in (tmp_path / "csv" / "data" / "exclusions.csv").read_text()


def test_a_second_person_cannot_open_anything_of_the_first(desk, visit):
    first, second = visit(), visit()
    first.sign_in("odalys-brook")
    first.open("/requests/new/")
    first.page.get_by_label("Everything under odalys-brook").check()
    reference = send(first)
    second.sign_in("pemberly-quiet")
    for part in ("", "sent/", "progress/", "receipt/", "receipt.json", "withdraw/"):
        answer = second.page.request.get(f"{second.url}/requests/{reference}/{part}")
        assert answer.status == 404, part
        assert "odalys" not in answer.text()
    signed_out = visit()
    answer = signed_out.page.request.get(f"{second.url}/requests/{reference}/", max_redirects=0)
    assert answer.status == 302


def test_an_owner_of_an_organisation_asks_for_it_and_its_repositories(desk, visit):
    visitor = visit()
    visitor.sign_in("hale-ostrander")
    visitor.open("/requests/new/organisation/")
    visitor.page.get_by_label("Name of the organisation on GitHub").fill("Low-Tide-Club")
    visitor.press("Let GitHub show my role")
    visitor.page.locator("#persona-hale-ostrander").check()
    visitor.reads("read:org")
    visitor.press("Go back signed in")
    visitor.reads("GitHub says you are an owner of low-tide-club.")
    visitor.page.locator(".claimed input[type=checkbox]").first.check()
    reference = send(visitor)
    wait_for(visitor, reference, "Owner of the organisation")
    assert visitor.page.locator("main .state").first.inner_text() == "Accepted"


@pytest.mark.parametrize("login", ["larkspur-dev", "moss-kettering"])
def test_a_doubtful_account_waits_for_a_person_and_reads_why(desk, visit, login):
    visitor = visit()
    visitor.sign_in(login)
    visitor.open("/requests/new/")
    visitor.page.get_by_label(f"Everything under {login}").check()
    reference = send(visitor)
    wait_for(visitor, reference, "Why a person looks at it")
    assert visitor.page.locator("main .state").first.inner_text() == "In review"


def test_who_renamed_the_account_finds_what_stands_under_the_old_name(desk, visit):
    visitor = visit()
    visitor.sign_in("brindle-fenn")
    visitor.open("/requests/new/")
    visitor.reads("fennwick/")
    visitor.page.get_by_label("Everything under brindle-fenn").check()
    reference = send(visitor)
    wait_for(visitor, reference, "Own account")
    assert visitor.page.locator("main .state").first.inner_text() == "Accepted"


def test_the_progress_comes_by_itself(desk, visit):
    visitor = visit()
    visitor.sign_in("pemberly-quiet")
    visitor.open("/requests/new/")
    visitor.page.get_by_label("Everything under pemberly-quiet").check()
    reference = send(visitor)
    visitor.open(f"/requests/{reference}/")
    expect(visitor.page.locator("main")).to_contain_text("Accepted", timeout=20_000)


def test_everything_works_without_javascript(desk, visit):
    visitor = visit(java_script_enabled=False)
    visitor.sign_in("quillon-marsh")
    visitor.open("/requests/new/")
    visitor.page.get_by_label("Only the repositories I choose").check()
    visitor.page.get_by_label("Filter by name").fill("kelp")
    visitor.page.get_by_role("button", name="Filter").click()
    visitor.page.get_by_label("kelp-shader-toys").check()
    reference = send(visitor)
    wait_for(visitor, reference, "Own account")
    part = visitor.page.locator("table.parts tbody tr").first.inner_text()
    assert "kelp-shader-toys" in part and "Accepted" in part


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
    visitor.reads(words)
    visitor.is_accessible()
    visitor.fits()

"""Each fault of GitHub while a person waits: the sentence that is read, what is kept, and that it works afterwards."""

import datetime as dt
from contextlib import contextmanager

import pytest
import time_machine

from bigcode_optout.accounts.github_models import GitHubAllowance
from bigcode_optout.claims import queries
from bigcode_optout.claims.models import Claim, OwnerListing, Proof
from bigcode_optout.pages import listings
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.settings import base
from tests.accounts.browser import Browser
from tests.builders import make_draft, the_stack
from tests.pages.reading import text_of

pytestmark = pytest.mark.once
ASK_ORGANISATION, ASK_REPOSITORY = "/requests/new/organisation/", "/requests/new/repository/"
FIRMWARE = "norrvik-instruments/field-recorder-firmware"

TOO_LATE = "GitHub did not answer in time. Nothing is lost; please try again in a few minutes."
SENSELESS = "GitHub’s answer could not be understood, so nothing was concluded from it. Please try later."
WAIT = "GitHub asks us to wait until"
# What happens, with its options, and the sentence that a person reads.
FAULTS = {
    "401": ("unauthorized", {}, "GitHub no longer accepts this sign-in. Please sign in with GitHub again."),
    "403 policy": ("forbidden_policy", {}, "The organisation does not let this site read about it."),
    "403 single sign-on": ("forbidden_sso", {}, "The organisation asks for its single sign-on first."),
    "403 hourly limit": ("primary_limit", {"status": 403, "seconds": 600}, WAIT),
    "429 hourly limit": ("primary_limit", {"status": 429, "seconds": 600}, WAIT),
    "403 burst": ("secondary_limit", {"status": 403, "seconds": 600}, WAIT),
    "429 burst": ("secondary_limit", {"status": 429, "seconds": 600}, WAIT),
    "500": ("server_error", {"status": 500}, TOO_LATE),
    "502": ("server_error", {}, TOO_LATE),
    "time-out": ("timeout", {"seconds": 5}, TOO_LATE),
    "cut body": ("cut_body", {}, TOO_LATE),
    "no JSON": ("not_json", {}, SENSELESS),
    "redirect to another host": ("redirect_elsewhere", {}, SENSELESS),
    "redirect loop": ("redirect_loop", {"times": 4}, SENSELESS),
}


@pytest.fixture(autouse=True)
def _desk(db, settings):
    """A desk with a dataset that has no version yet."""
    the_stack()
    # Patience as a busy machine needs it; only silence is waited for in full, and then less of it (`little_patience`).
    settings.GITHUB_PROOF_BUDGET_SECONDS = settings.GITHUB_SIGN_IN_BUDGET_SECONDS = 10.0


@contextmanager
def little_patience(settings, fault):
    """While GitHub is silent, wait for half a second."""
    usual = settings.GITHUB_PROOF_BUDGET_SECONDS
    settings.GITHUB_PROOF_BUDGET_SECONDS = 0.5 if fault == "time-out" else usual
    yield
    settings.GITHUB_PROOF_BUDGET_SECONDS = usual


def come_in(login):
    browser = Browser()
    assert browser.sign_in(login).status_code == 302
    return browser


def prove(browser, login, page, name):
    """Ask GitHub about the name; what the person then reads."""
    away = browser.leave_for_github(page, name=name)
    response = browser.desk.get(browser.come_back(away, login, granted="read:org"), follow=True)
    assert response.status_code == 200
    return text_of(response)


def links(browser):
    return browser.desk.get("/requests/new/").content.decode()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_the_organisation_is_told_loses_nothing_and_can_be_tried_again(sandbox, settings, fault):
    kind, options, sentence = FAULTS[fault]
    browser = come_in("hale-ostrander")
    draft = make_draft(browser.user)
    sandbox.faults.add("/user/memberships/", kind, **options)
    with little_patience(settings, fault):
        assert sentence in prove(browser, "hale-ostrander", ASK_ORGANISATION, "norrvik-instruments")

    claim = Claim.objects.get(user=browser.user, kind="organisation")
    assert (queries.is_proven(claim), claim.proofs.get().outcome) == (False, Proof.Outcome.UNAVAILABLE)
    assert not sandbox.world.grants.tokens
    assert RemovalRequest.objects.get() == draft
    assert draft.items.exists()
    assert f"{ASK_ORGANISATION}?name=norrvik-instruments" in links(browser)

    sandbox.faults.clear()
    text = prove(browser, "hale-ostrander", ASK_ORGANISATION, "norrvik-instruments")
    assert "GitHub says you are an owner of norrvik-instruments." in text
    assert queries.is_proven(Claim.objects.get(user=browser.user, kind="organisation"))


@pytest.mark.parametrize(
    "fault", [*(name for name in FAULTS if not name.startswith("403 policy")), "wrong shape", "404"]
)
def test_a_fault_at_the_repository_is_told_loses_nothing_and_can_be_tried_again(sandbox, settings, fault):
    more = {
        "wrong shape": ("wrong_shape", {}, SENSELESS),
        "404": ("not_found", {}, f"GitHub shows no public repository {FIRMWARE}."),
    }
    kind, options, sentence = (FAULTS | more)[fault]
    browser = come_in("odalys-brook")
    sandbox.faults.add(f"/repos/{FIRMWARE}", kind, **options)
    with little_patience(settings, fault):
        assert sentence in prove(browser, "odalys-brook", ASK_REPOSITORY, FIRMWARE)

    claim = Claim.objects.get(user=browser.user, kind="repository")
    assert (claim.proofs.count(), queries.is_proven(claim)) == (1, False)
    assert f"{ASK_REPOSITORY}?name=" in links(browser)
    assert not sandbox.world.grants.tokens

    sandbox.faults.clear()
    text = prove(browser, "odalys-brook", ASK_REPOSITORY, FIRMWARE)
    assert f"GitHub says you administer {FIRMWARE}." in text


def test_a_repository_that_changes_its_owner_between_two_calls_keeps_its_number(sandbox):
    browser = come_in("odalys-brook")
    prove(browser, "odalys-brook", ASK_REPOSITORY, FIRMWARE)
    sandbox.faults.add(f"/repos/{FIRMWARE}", "other_owner")
    prove(browser, "odalys-brook", ASK_REPOSITORY, FIRMWARE)
    claim = Claim.objects.get(user=browser.user, kind="repository")
    assert claim.subject_id == sandbox.world.repository(FIRMWARE).id
    owners = [proof.evidence["owner_id"] for proof in claim.proofs.order_by("checked_at")]
    assert owners == [sandbox.world.account("norrvik-instruments").id, 990_000_042]


def test_a_name_that_is_another_repository_a_moment_later_is_another_claim(sandbox):
    browser = come_in("odalys-brook")
    prove(browser, "odalys-brook", ASK_REPOSITORY, FIRMWARE)
    sandbox.faults.add(f"/repos/{FIRMWARE}", "other_id")
    prove(browser, "odalys-brook", ASK_REPOSITORY, FIRMWARE)
    number = sandbox.world.repository(FIRMWARE).id
    numbers = Claim.objects.filter(user=browser.user, kind="repository").values_list("subject_id", flat=True)
    assert set(numbers) == {number, number + 1}


def test_a_check_in_the_call_back_has_three_seconds():
    assert base.GITHUB_PROOF_BUDGET_SECONDS == 3.0


@pytest.mark.parametrize("at", ["/login/oauth/access_token", "/api/v3/user$"])
@pytest.mark.parametrize(
    "fault",
    ["500", "time-out", "cut body", "no JSON", "redirect to another host", "redirect loop", "429 burst"],
)
def test_a_fault_of_the_sign_in_ends_at_a_page_and_the_next_try_works(sandbox, settings, fault, at):
    settings.GITHUB_SIGN_IN_BUDGET_SECONDS = 1.0 if fault == "time-out" else 10.0
    kind, options, _ = FAULTS[fault]
    browser = Browser()
    sandbox.faults.add(at, kind, **options)
    response = browser.sign_in("quillon-marsh")
    assert response.status_code in (400, 502, 503)
    assert "Start again" in text_of(response)
    assert not browser.user.is_authenticated
    assert not sandbox.world.grants.tokens
    sandbox.faults.clear()
    assert browser.sign_in("quillon-marsh").status_code == 302
    assert browser.user.is_authenticated


LISTING_FAULTS = [name for name in FAULTS if name not in ("403 policy", "403 single sign-on")]


@pytest.mark.parametrize("fault", [*LISTING_FAULTS, "10,000 pages"])
def test_a_list_that_github_does_not_give_is_told_and_one_can_go_on(sandbox, fault, monkeypatch):
    kind, options, _ = (FAULTS | {"10,000 pages": ("endless_pages", {}, "")})[fault]
    browser = come_in("quillon-marsh")
    sandbox.faults.add("/users/quillon-marsh/repos", kind, **{**options, "times": None})
    with monkeypatch.context() as impatient:
        impatient.setattr(listings, "PATIENCE_SECONDS", 0.4)
        text = text_of(browser.desk.get("/requests/new/"))
    assert "GitHub did not tell us which repositories belong to quillon-marsh now." in text
    assert not OwnerListing.objects.exists()
    sandbox.faults.clear()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)):
        text = text_of(browser.desk.get("/requests/new/"))
    assert "GitHub did not tell us" not in text
    assert OwnerListing.objects.get().repository_count == 14


def test_a_page_never_waits_for_the_hour_to_end(sandbox):
    browser = come_in("quillon-marsh")
    browser.desk.get("/requests/new/")
    OwnerListing.objects.all().delete()
    GitHubAllowance.objects.update(remaining=0)
    asked = len(sandbox.requests.rows())
    text = text_of(browser.desk.get("/requests/new/"))
    assert "GitHub did not tell us which repositories belong to quillon-marsh now." in text
    assert len(sandbox.requests.rows()) == asked

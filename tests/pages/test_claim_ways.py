"""Beside step 1: what happened with a claim that GitHub could not show, and the other ways to show it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from bigcode_optout.claims import services, tasks
from bigcode_optout.claims.models import Challenge, Claim, Proof
from bigcode_optout.names import parse
from tests.builders import make_persona, make_user
from tests.pages.reading import links_of, read, text_of

pytestmark = pytest.mark.django_db
HARROW = "harrow-and-pine"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def ansel(sandbox, client):
    user = make_persona(sandbox, "ansel-thorncroft")
    client.force_login(user, backend=BACKEND)
    return user


@pytest.fixture
def claim(ansel) -> Claim:
    """GitHub was asked, and the organisation kept us out."""
    found = services.make_claim(by=ansel, name=parse(HARROW))
    services.record_proof(
        claim=found,
        method=Proof.Method.MEMBERSHIP,
        outcome=Proof.Outcome.UNAVAILABLE,
        evidence={"code": "forbidden", "reason": "policy"},
        sentence="The organisation does not let this site read about it.",
    )
    return found


def address(claim: Claim, page: str = "") -> str:
    return f"/claims/{claim.pk}/{page}"


def test_the_page_says_what_happened_and_offers_every_other_way(claim, client):
    response = client.get(address(claim))
    text = text_of(response)
    assert read(response).faults == []
    assert "What happened: The organisation does not let this site read about it." in text
    assert "Ask GitHub again" in text
    assert {address(claim, page) for page in ("profile-code/", "file/", "evidence/")} <= set(
        links_of(response)
    )
    assert "Send the request first. Its page then gives you a link" in text


def test_asking_again_starts_a_new_authorisation(claim, client):
    response = client.post(address(claim))
    asked = parse_qs(urlsplit(response.headers["Location"]).query)
    assert asked["scope"] == ["read:org"]


def test_a_code_is_given_out_shown_again_and_found(sandbox, claim, client):
    page = address(claim, "profile-code/")
    assert "Give me a code" in text_of(client.get(page))
    response = client.post(page, {"do": "new"}, follow=True)
    challenge = Challenge.objects.get()
    assert challenge.code in text_of(response)
    assert challenge.code in text_of(client.get(page))
    waiting = client.post(page, {"do": "look"}, follow=True)
    assert "We are looking now" in text_of(waiting)
    assert client.get(address(claim, "progress/profile/")).status_code == 200
    sandbox.world.edit_profile(HARROW, description=f"Seeds. {challenge.code}")
    tasks.check_challenge(challenge.pk)
    assert client.get(address(claim, "progress/profile/")).headers["HX-Refresh"] == "true"
    text = text_of(client.get(page))
    assert "You may take the code down now." in text
    assert "You may decide for harrow-and-pine" in text_of(client.get(address(claim)))


def test_no_code_is_made_while_github_is_silent_and_the_page_says_so(sandbox, claim, client):
    sandbox.faults.add(path=r"/orgs/", kind="server_error", times=1)
    response = client.post(address(claim, "profile-code/"), {"do": "new"}, follow=True)
    assert "No code was made." in text_of(response)
    assert not Challenge.objects.exists()
    sandbox.world.rename_account(HARROW, "elsewhere")
    response = client.post(address(claim, "profile-code/"), {"do": "new"}, follow=True)
    assert "GitHub shows no organisation harrow-and-pine." in text_of(response)


def test_a_code_for_a_file_asks_first_in_which_repository(sandbox, claim, client):
    page = address(claim, "file/")
    response = client.post(page, {"do": "new", "name": "harrow-and-pine"})
    assert response.status_code == 400 and read(response).faults == []
    assert not Challenge.objects.exists()
    name = sandbox.world.full_name(sandbox.world.repositories_of(sandbox.world.account(HARROW).id)[0])
    response = client.post(page, {"do": "new", "name": name}, follow=True)
    assert Challenge.objects.get().code in text_of(response)
    assert "Put this code in a file bigcode-optout.txt" in text_of(response)
    refused = client.post(page, {"do": "new", "name": "low-tide-club/shared-lab"})
    assert refused.status_code == 400


def test_words_and_links_for_a_reviewer_are_kept_and_shown_as_text(claim, client):
    page = address(claim, "evidence/")
    bad = client.post(page, {"text": "", "links": "javascript:alert(1)"})
    assert bad.status_code == 400 and read(bad).faults == []
    assert text_of(bad).count("Write what shows that you may decide.") == 2
    client.post(page, {"text": "I <b>founded</b> it.", "links": "https://harrow.example/about\n"})
    response = client.get(page)
    assert b"I &lt;b&gt;founded&lt;/b&gt; it." in response.content
    assert "https://harrow.example/about" not in links_of(response)


@pytest.mark.parametrize("page", ["", "profile-code/", "file/", "evidence/", "progress/profile/"])
def test_another_persons_claim_is_not_found_by_any_of_these_pages(claim, client, page):
    client.force_login(make_user(502, "tern-hollow"), backend=BACKEND)
    assert client.get(address(claim, page)).status_code == 404
    if not page.startswith("progress"):
        assert client.post(address(claim, page), {"do": "new", "text": "x"}).status_code == 404
    client.logout()
    assert client.get(address(claim, page)).headers["Location"].startswith("/sign-in/?next=/claims/")


def test_these_pages_are_not_for_the_own_account(ansel, client):
    own = Claim.objects.get(user=ansel, kind="account")
    assert client.get(address(own)).status_code == 404


@pytest.mark.parametrize("page", ["", "profile-code/", "file/", "evidence/"])
def test_a_form_of_another_site_does_nothing(claim, ansel, page):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ansel, backend=BACKEND)
    assert strict.post(address(claim, page), {"do": "new", "text": "x"}).status_code == 403
    assert not Challenge.objects.exists() and not claim.told.exists()


def test_codes_are_limited_so_that_github_is_not_asked_without_end(claim, client, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "code": "2/hour"}
    codes = [client.post(address(claim, "profile-code/"), {"do": "new"}).status_code for _ in range(3)]
    assert codes == [302, 302, 429]

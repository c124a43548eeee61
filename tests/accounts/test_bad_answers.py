"""Whatever GitHub does: a page that says what to do, nothing stored, and the token made void."""

import json
import time

import pytest

from bigcode_optout.accounts.models import GitHubIdentity, User
from tests.accounts.browser import query_of
from tests.accounts.conftest import TOKEN
from tests.accounts.traces import everything_kept
from tests.githubapi.bodies import user_body
from tests.githubapi.faults import FAULTS
from tests.githubapi.scripted_github import ScriptedGitHub, answer, drip, redirect

TOKEN_PATH = "/login/oauth/access_token"


@pytest.fixture
def elsewhere():
    server = ScriptedGitHub()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _short_budget(settings):
    settings.GITHUB_SIGN_IN_BUDGET_SECONDS = 0.5


def revoked(server):
    """The tokens that were made void, each once: a second try may follow a connection that was closed."""
    bodies = [json.loads(asked.body) for asked in server.asked if asked.method == "DELETE"]
    return {body["access_token"] for body in bodies}


def assert_kind_page(response):
    assert response.status_code in (400, 403, 502, 503)
    page = response.content.decode()
    assert "Start again" in page
    assert TOKEN not in page
    assert not User.objects.exists()
    assert TOKEN not in everything_kept()


@pytest.mark.once
@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_the_identity_ends_at_a_kind_page(scripted, elsewhere, browser, fault, caplog):
    make, _ = FAULTS[fault]
    scripted.on("/user", make(scripted, elsewhere))
    assert_kind_page(browser.bring())
    assert revoked(scripted) == {TOKEN}
    assert not elsewhere.asked
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        user_body(id=True),
        user_body(id="101"),
        user_body(id=0),
        user_body(id=-5),
        user_body(id=1.5),
        user_body(id=None),
        user_body(id=2**63),
        user_body(login=""),
        user_body(login="two words"),
        user_body(login="K" * 40),
        user_body(login="<script>"),
        user_body(login="\u212aelvin"),
        user_body(login=7),
        user_body(created_at="yesterday"),
        user_body(created_at=None),
        user_body(created_at=1363248563),
        user_body(type="Organization"),
    ],
)
def test_a_profile_that_is_not_as_documented_signs_nobody_in(scripted, browser, body):
    scripted.on("/user", answer(body))
    assert_kind_page(browser.bring())
    assert revoked(scripted) == {TOKEN}


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b"{}",
        b'"access_token"',
        b'["access_token"]',
        b"NaN",
        b"\xff",
        b"[" * 100_000,
        b'{"access_token": null}',
        b'{"access_token": ""}',
        b'{"access_token": {"a": 1}}',
        b'{"access_token": "line\\nbreak"}',
        b'{"error": ["bad_verification_code"]}',
        b"access_token=" + b"x" * 70_000,
    ],
)
def test_every_fault_of_the_exchange_ends_at_a_kind_page(scripted, browser, body):
    scripted.routes[TOKEN_PATH] = answer(body)
    assert_kind_page(browser.bring())


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ("bad_verification_code", 400, "used before"),
        ("unverified_user_email", 403, "e-mail address"),
        ("incorrect_client_credentials", 502, "Nothing is wrong with your account"),
        ("redirect_uri_mismatch", 400, "start again"),
        ("something_new", 400, "start again"),
    ],
)
def test_errors_that_github_sends_with_status_200_are_told_apart(scripted, browser, error, status, words):
    scripted.routes[TOKEN_PATH] = answer({"error": error, "error_description": "<i>no</i>"})
    response = browser.bring()
    assert response.status_code == status
    assert words in response.content.decode()
    assert "<i>" not in response.content.decode()
    assert_kind_page(response)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_exchange_follows_no_redirect(scripted, elsewhere, browser, status):
    scripted.routes[TOKEN_PATH] = redirect(elsewhere.url + TOKEN_PATH, status)
    assert_kind_page(browser.bring())
    assert not elsewhere.asked


@pytest.mark.parametrize("status", [301, 307])
def test_the_exchange_follows_no_redirect_to_the_same_host_either(scripted, browser, status):
    scripted.routes[TOKEN_PATH] = redirect("/login/oauth/elsewhere", status)
    assert_kind_page(browser.bring())
    assert [asked.path for asked in scripted.asked] == [TOKEN_PATH]


def test_a_dripping_exchange_ends_with_the_budget(scripted, browser):
    scripted.routes[TOKEN_PATH] = drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n{")
    started = time.monotonic()
    assert_kind_page(browser.bring())
    assert time.monotonic() - started < 2


def test_exchange_and_identity_share_one_budget(scripted, browser):
    scripted.on("/user", drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n{"))
    started = time.monotonic()
    assert_kind_page(browser.bring())
    assert time.monotonic() - started < 2
    assert revoked(scripted) == {TOKEN}


@pytest.mark.parametrize("status", [401, 404, 422, 500])
def test_a_token_that_cannot_be_revoked_does_not_keep_a_person_out(scripted, browser, caplog, status):
    scripted.on("/applications/client/token", answer({"message": TOKEN}, status))
    assert browser.bring().status_code == 302
    assert GitHubIdentity.objects.get().github_id == user_body()["id"]
    assert TOKEN not in caplog.text


def test_a_connection_that_was_closed_does_not_keep_a_token_alive(scripted, browser):
    void = "/applications/client/token"

    def close_once(handler):
        scripted.on(void, answer(b"", 204))
        handler.close_connection = True

    scripted.on(void, close_once)
    browser.bring()
    assert [asked.method for asked in scripted.asked] == ["POST", "GET", "DELETE", "DELETE"]


def test_github_being_down_keeps_who_is_signed_in(scripted, browser):
    browser.bring()
    person = browser.user
    scripted.on("/user", answer({}, 500))
    response = browser.bring(path="/accounts/join/")
    assert response.status_code == 503
    assert "You are still signed in here" in response.content.decode()
    assert browser.user == person


def test_the_site_that_does_not_exist_is_a_kind_page(browser, settings):
    settings.GITHUB_URL = "http://127.0.0.1:9"
    assert query_of(browser.leave_for_github())["scope"] == ""
    assert_kind_page(browser.bring())

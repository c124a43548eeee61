import json
import logging

import pytest

from tests.accounts.conftest import TOKEN
from tests.accounts.traces import everything_kept
from tests.githubapi.bodies import user_body
from tests.githubapi.scripted_github import answer

PROFILE = {
    "name": "Canary Name",
    "email": "canary@example.org",
    "bio": "canary-bio",
    "avatar_url": "canary-url",
}


@pytest.fixture(autouse=True)
def _log_everything(caplog):
    for name in ("", "urllib3", "allauth", "django"):
        caplog.set_level(logging.DEBUG, logger=name)


def assert_nowhere(text, caplog, *pages):
    assert text not in everything_kept()
    assert text not in caplog.text
    assert not any(text in repr(vars(record)) for record in caplog.records)
    assert not any(text in repr(page.headers) + page.content.decode() for page in pages)


def test_the_look_through_what_is_kept_finds_what_is_kept(scripted, browser):
    browser.bring()
    kept = everything_kept()
    assert user_body()["login"] in kept
    assert "account_authentication_methods" in kept


def test_after_a_sign_in_token_code_and_secret_are_nowhere(scripted, browser, caplog):
    scripted.on("/user", answer(user_body(**PROFILE)))
    page = browser.bring("canary-code")
    for text in (TOKEN, "canary-code", "canary-secret", *PROFILE.values()):
        assert_nowhere(text, caplog, page)


def test_after_a_second_account_the_token_is_nowhere(scripted, browser, caplog):
    browser.bring()
    scripted.on("/user", answer(user_body(id=202, login="second-account", **PROFILE)))
    page = browser.bring("canary-code", path="/accounts/join/")
    for text in (TOKEN, "canary-code", "canary-secret", *PROFILE.values()):
        assert_nowhere(text, caplog, page)


def test_the_token_is_sent_to_github_only_and_revoked_last(scripted, browser):
    browser.bring()
    assert [(asked.method, asked.path) for asked in scripted.asked] == [
        ("POST", "/login/oauth/access_token"),
        ("GET", "/api/v3/user"),
        ("DELETE", "/api/v3/applications/client/token"),
    ]
    assert json.loads(scripted.asked[-1].body) == {"access_token": TOKEN}


def test_the_stand_in_has_no_live_token_after_a_sign_in(github, browser):
    browser.sign_in("quillon-marsh")
    assert not github.world.grants.tokens

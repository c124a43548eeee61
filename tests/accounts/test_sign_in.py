import time
from base64 import urlsafe_b64encode
from hashlib import sha256

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from bigcode_optout.accounts import sign_in_hooks
from bigcode_optout.accounts.models import GitHubIdentity, User
from tests.accounts.browser import CALLBACK, Browser, query_of

QUILLON, BRINDLE = 4117902, 1698341


def test_a_person_signs_in_and_is_known_by_number(github, browser):
    response = browser.sign_in("quillon-marsh")
    assert (response.status_code, response["location"]) == (302, "/requests/")
    identity = GitHubIdentity.objects.get()
    assert (identity.github_id, identity.login, identity.login_key) == (
        QUILLON,
        "quillon-marsh",
        "quillon-marsh",
    )
    assert identity.account_created_at.isoformat() == "2013-03-14T08:09:23+00:00"
    assert browser.user == identity.user
    assert identity.user.username == f"gh-{QUILLON}"


def test_nothing_of_the_profile_is_kept_beyond_number_login_and_date(github, browser):
    browser.sign_in("quillon-marsh")
    assert SocialAccount.objects.get().extra_data == {
        "id": QUILLON,
        "login": "quillon-marsh",
        "created_at": "2013-03-14T08:09:23+00:00",
    }
    user = User.objects.get()
    assert (user.first_name, user.last_name, user.email) == ("", "", "")
    assert not user.emailaddress_set.exists()


def test_a_sign_in_gives_no_password_and_no_rights(github, browser):
    browser.sign_in("quillon-marsh")
    user = User.objects.get()
    assert not user.has_usable_password()
    assert not (user.is_staff or user.is_superuser or user.groups.exists() or user.user_permissions.exists())


def test_signing_in_again_finds_the_same_person(github, browser):
    browser.sign_in("quillon-marsh")
    first = GitHubIdentity.objects.get()
    other = Browser()
    other.sign_in("quillon-marsh")
    assert other.user == first.user
    assert GitHubIdentity.objects.get().seen_at > first.seen_at
    assert User.objects.count() == 1


def test_another_login_under_the_same_number_is_a_rename(github, browser):
    browser.sign_in("quillon-marsh")
    github.world.rename_account("quillon-marsh", "Quillon-Sea")
    Browser().sign_in("Quillon-Sea")
    identity = GitHubIdentity.objects.get()
    assert (identity.github_id, identity.login, identity.login_key) == (QUILLON, "Quillon-Sea", "quillon-sea")
    assert User.objects.count() == 1


def test_who_takes_a_freed_login_is_somebody_else(github, browser):
    browser.sign_in("quillon-marsh")
    github.world.rename_account("quillon-marsh", "quillon-sea")
    github.world.rename_account("brindle-fenn", "quillon-marsh")
    other = Browser()
    other.sign_in("quillon-marsh")
    assert other.user != browser.user
    assert other.user.username == f"gh-{BRINDLE}"


def test_the_way_to_github_asks_no_scope_and_carries_a_challenge(github, browser):
    asked = query_of(browser.leave_for_github())
    assert asked["scope"] == ""
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"http://localhost{CALLBACK}"
    assert "prompt" not in asked


def test_the_token_is_asked_for_with_the_verifier_of_the_challenge(scripted, browser):
    challenge = query_of(browser.leave_for_github())["code_challenge"]
    state = max(browser.desk.session["socialaccount_states"].items(), key=lambda item: item[1][1])[0]
    browser.desk.get(CALLBACK, {"code": "a-code", "state": state})
    sent = scripted.asked[0].body.decode()
    verifier = sent.split('"code_verifier": "')[1].split('"')[0]
    assert urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode() == challenge


def test_github_refuses_a_code_without_its_verifier(github, browser, monkeypatch):
    authorize = browser.leave_for_github()
    back = browser.come_back(authorize, "quillon-marsh")
    thief = Browser()
    state = query_of(thief.leave_for_github())["state"]
    response = thief.desk.get(CALLBACK, {"code": query_of(back)["code"], "state": state})
    assert response.status_code == 400
    assert not User.objects.exists()


@pytest.mark.parametrize("path", ["/sign-in/", "/accounts/github/login/"])
def test_what_stands_in_the_address_changes_nothing_about_the_way(github, browser, path):
    visitor = (
        "?scope=repo,read:org&auth_params=login%3Dmallory%26prompt%3Dnone&process=connect&action=rerequest"
    )
    asked = query_of(browser.leave_for_github(path + visitor))
    assert asked["scope"] == ""
    assert "login" not in asked
    assert "prompt" not in asked
    (state,) = browser.desk.session["socialaccount_states"].values()
    assert state[0]["process"] == "login"


def test_after_signing_in_one_is_where_one_wanted_to_go(github, browser):
    assert browser.sign_in("quillon-marsh", next="/look-up/?name=x")["location"] == "/look-up/?name=x"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http://127.0.0.1/",
        "x",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(github, browser, elsewhere):
    assert browser.sign_in("quillon-marsh", next=elsewhere)["location"] == "/requests/"


def test_a_person_who_refuses_on_github_reads_so_and_nothing_is_stored(github, browser):
    back = browser.come_back(browser.leave_for_github(), "quillon-marsh", decision="refuse")
    response = browser.desk.get(back)
    assert response.status_code == 403
    assert "You are not signed in" in response.content.decode()
    assert not User.objects.exists()


def test_a_way_back_that_was_not_begun_in_this_browser_is_refused(github, browser):
    back = browser.come_back(Browser().leave_for_github(), "quillon-marsh")
    response = browser.desk.get(back)
    assert response.status_code == 400
    assert not User.objects.exists()
    assert not any(row["path"].endswith("access_token") for row in github.requests.rows())


@pytest.mark.parametrize(
    "query", [{}, {"state": ""}, {"state": "x" * 5000}, {"code": "a"}, {"error": "<canary>"}]
)
def test_a_call_back_out_of_nowhere_is_refused_without_repeating_it(github, browser, query):
    response = browser.desk.get(CALLBACK, query)
    assert response.status_code == 400
    assert "canary" not in response.content.decode()


def test_a_way_back_works_once(github, browser):
    back = browser.come_back(browser.leave_for_github(), "quillon-marsh")
    assert browser.desk.get(back).status_code == 302
    assert browser.desk.get(back).status_code == 400


def test_a_way_back_is_too_old_after_ten_minutes(github, browser, time_machine):
    back = browser.come_back(browser.leave_for_github(), "quillon-marsh")
    time_machine.move_to(time.time() + 601)
    assert browser.desk.get(back).status_code == 400


def test_a_closed_account_does_not_come_in(github, browser):
    browser.sign_in("quillon-marsh")
    User.objects.update(is_active=False)
    other = Browser()
    response = other.sign_in("quillon-marsh")
    assert response.status_code == 403
    assert not other.user.is_authenticated


def test_signing_in_as_somebody_else_ends_the_former_session(github, browser):
    browser.sign_in("quillon-marsh")
    before = browser.desk.session.session_key
    browser.desk.post("/sign-out/")
    browser.sign_in("brindle-fenn")
    assert browser.user.username == f"gh-{BRINDLE}"
    assert browser.desk.session.session_key != before


def test_signing_out_takes_a_post(github, browser):
    browser.sign_in("quillon-marsh")
    assert browser.desk.get("/sign-out/").status_code == 405
    assert browser.user.is_authenticated
    assert browser.desk.post("/sign-out/")["location"] == "/"
    assert not browser.user.is_authenticated


def test_who_is_signed_in_is_not_asked_again(github, browser):
    browser.sign_in("quillon-marsh")
    assert browser.desk.get("/sign-in/?next=/account/")["location"] == "/account/"


def test_rooms_above_hear_of_each_sign_in(github, browser, monkeypatch):
    heard = []
    monkeypatch.setattr(sign_in_hooks, "_hooks", [])
    sign_in_hooks.register(heard.append)
    sign_in_hooks.register(heard.append)
    browser.sign_in("quillon-marsh")
    assert [identity.github_id for identity in heard] == [QUILLON]


def test_a_room_above_that_fails_undoes_the_sign_in(github, browser, monkeypatch):
    def fail(identity):
        raise RuntimeError

    monkeypatch.setattr(sign_in_hooks, "_hooks", [fail])
    assert browser.sign_in("quillon-marsh").status_code == 500
    assert not User.objects.exists()
    assert not browser.user.is_authenticated


def test_a_known_person_is_not_left_signed_in_when_a_room_above_fails(github, browser, monkeypatch):
    Browser().sign_in("quillon-marsh")
    monkeypatch.setattr(sign_in_hooks, "_hooks", [lambda identity: 1 // 0])
    assert browser.sign_in("quillon-marsh").status_code == 500
    assert not browser.user.is_authenticated


def test_a_name_that_staff_took_is_not_shared(github, browser):
    User.objects.create_user(f"gh-{QUILLON}", is_staff=True)
    browser.sign_in("quillon-marsh")
    assert browser.user.username == f"gh-{QUILLON}-2"
    assert not browser.user.is_staff


def test_two_browsers_of_a_new_person_at_the_same_moment_make_one_person(github, browser, monkeypatch):
    # The first look-up misses, as it does when the other browser's row is committed a moment later.
    from allauth.socialaccount.models import SocialLogin

    Browser().sign_in("quillon-marsh")
    real, calls = SocialLogin._lookup_by_socialaccount, []
    monkeypatch.setattr(
        SocialLogin, "_lookup_by_socialaccount", lambda self: (bool(calls) and real(self)) or calls.append(1)
    )
    assert browser.sign_in("quillon-marsh").status_code == 302
    assert User.objects.count() == GitHubIdentity.objects.count() == 1


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/email/",
        "/accounts/social/signup/",
        "/accounts/social/connections/",
        "/accounts/",
    ],
)
def test_none_of_allauths_own_pages_is_served(db, path):
    assert Client(SERVER_NAME="localhost").get(path).status_code == 404


def test_no_token_row_is_ever_made(github, browser):
    browser.sign_in("quillon-marsh")
    assert not SocialToken.objects.exists()


def test_sign_ins_are_limited(github, browser, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "sign-in": "2/hour"}
    settings.TRUSTED_PROXIES = 1
    statuses = [
        browser.desk.post("/sign-in/", headers={"X-Forwarded-For": "192.0.2.77"}).status_code
        for _ in range(3)
    ]
    assert statuses == [302, 302, 429]

"""Staff come in by password and second factor, and by nothing else."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from bigcode_optout.accounts import second_factor
from tests.authenticator import totp
from tests.builders import make_release_manager, make_reviewer, make_user
from tests.releases.builders import accepted_request, planned
from tests.review.cases import text_of
from tests.staff import sign_in, staff_client

pytestmark = pytest.mark.django_db
INDEX, LOGIN = reverse("admin:index"), reverse("admin:login")
CODE, SET_UP = reverse("admin:second_factor"), reverse("admin:second_factor_set_up")
CODES, AGAIN = reverse("admin:recovery_codes"), reverse("admin:password_again")
QUEUE = reverse("admin:removals_removalrequest_changelist")
PASSWORD = "a long pass phrase"
ALLAUTH = "allauth.account.auth_backends.AuthenticationBackend"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _no_code_was_used():
    """allauth remembers used codes by the number of the person, which the next test gives to another."""
    cache.clear()


@pytest.fixture
def equipped(reviewer):
    """A reviewer with an app."""
    second_factor.TOTP.activate(reviewer, SECRET)
    return reviewer


def log_in(browser: Client, name: str = "e.thorne", **more):
    return browser.post(LOGIN, {"username": name, "password": PASSWORD, "next": QUEUE}, **more)


def opens(browser: Client) -> bool:
    return browser.get(INDEX).status_code == 200


def test_a_password_alone_opens_nothing(equipped, client):
    answer = log_in(client)
    assert answer.status_code == 302 and answer["Location"].startswith(CODE)
    assert not opens(client)
    assert client.get(QUEUE, follow=True).redirect_chain[-1][0].startswith(CODE)


def test_password_and_code_lead_to_where_one_wanted_to_go(equipped, client):
    page = log_in(client, follow=True)
    answer = client.post(CODE, {"code": totp(SECRET), "next": page.context["next"]})
    assert (answer.status_code, answer["Location"]) == (302, QUEUE)
    assert opens(client)


def test_the_key_of_the_session_changes_and_it_ends_after_a_working_day(equipped, client):
    log_in(client)
    before = client.session.session_key
    client.post(CODE, {"code": totp(SECRET)})
    assert client.session.session_key != before
    assert 7 * 3600 < client.session.get_expiry_age() <= 8 * 3600


def test_requesters_keep_their_longer_session(client, settings):
    assert settings.SESSION_COOKIE_AGE == 14 * 24 * 3600


def test_a_wrong_code_opens_nothing(equipped, client):
    log_in(client)
    assert "Incorrect code" in text_of(client.post(CODE, {"code": "000000"}))
    assert not opens(client)


def test_a_code_holds_once_whichever_process_took_it(equipped):
    at = totp(SECRET)
    first, second = Client(), Client()
    for browser in (first, second):
        log_in(browser)
        browser.post(CODE, {"code": at})
        # What another process would not know.
        cache.clear()
    assert opens(first) and not opens(second)


def test_an_earlier_code_does_not_hold_after_a_later_one(equipped):
    first, second = Client(), Client()
    log_in(first)
    first.post(CODE, {"code": totp(SECRET, step=1)})
    log_in(second)
    assert "This code was used" in text_of(second.post(CODE, {"code": totp(SECRET)}))
    assert opens(first) and not opens(second)


def test_tries_with_codes_are_counted(equipped, client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"staff-second-factor": "2/hour"}
    log_in(client)
    assert [client.post(CODE, {"code": "1"}).status_code for _ in range(3)] == [200, 200, 429]


def test_a_next_address_of_another_site_is_not_followed(equipped, client):
    log_in(client)
    answer = client.post(CODE, {"code": totp(SECRET), "next": "https://elsewhere.example/"})
    assert answer["Location"] == INDEX


def set_up(browser: Client):
    page = browser.get(SET_UP)
    secret = page.context["secret"].replace(" ", "")
    return page, browser.post(SET_UP, {"code": totp(secret)})


def test_who_has_no_second_factor_is_led_to_set_it_up_before_anything_else(reviewer, client):
    page = log_in(client, follow=True)
    assert page.redirect_chain[-1][0] == SET_UP
    assert not opens(client)
    _, answer = set_up(client)
    assert answer["Location"] == CODES
    assert opens(client)
    assert LogEntry.objects.get(object_id=str(reviewer.pk)).change_message == "Second factor set up."


def test_the_secret_changes_with_each_page_until_a_code_of_it_comes_back(reviewer, client):
    log_in(client)
    first, second = client.get(SET_UP).context["secret"], client.get(SET_UP).context["secret"]
    assert first != second
    assert "Incorrect code" in text_of(client.post(SET_UP, {"code": totp(first.replace(" ", ""))}))
    assert client.get(SET_UP).status_code == 200 and not opens(client)


def test_the_picture_is_a_file_of_ours_and_nobody_else_gets_it(reviewer, equipped, client):
    picture = reverse("admin:second_factor_picture")
    assert client.get(picture)["Location"] == LOGIN
    log_in(client)
    assert client.get(picture)["Location"] == CODE
    other = Client()
    make_reviewer("m.ashby")
    log_in(other, "m.ashby")
    page = text_of(other.get(SET_UP))
    assert f'src="{picture}"' in page and "data:" not in page and "style=" not in page
    svg = other.get(picture)
    assert svg["Content-Type"] == "image/svg+xml" and b"<svg" in svg.content
    assert "data:" not in svg["Content-Security-Policy"]


def test_the_secret_is_not_in_the_row_in_the_clear(reviewer, client):
    log_in(client)
    page, _ = set_up(client)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert page.context["secret"].replace(" ", "") not in kept


def test_a_password_alone_cannot_put_another_app_in_place_of_the_first(equipped, client):
    log_in(client)
    assert client.get(SET_UP)["Location"] == CODE
    assert client.post(SET_UP, {"code": totp(SECRET)})["Location"] == CODE
    assert Authenticator.objects.filter(user=equipped, type="totp").count() == 1


def test_recovery_codes_are_shown_once_and_each_opens_the_desk_once(reviewer, client):
    log_in(client)
    set_up(client)
    codes = re.findall(r"<code>(\d{8})</code>", text_of(client.get(CODES)))
    assert len(codes) == 10
    again = text_of(client.get(CODES))
    assert "<code>" not in again and "You have 10 recovery codes left" in again
    for browser, is_open in ((Client(), True), (Client(), False)):
        log_in(browser)
        browser.post(CODE, {"code": codes[0]})
        assert opens(browser) is is_open


def test_somebody_with_few_codes_left_is_told(reviewer, client):
    log_in(client)
    set_up(client)
    codes = second_factor.recovery_codes(reviewer).generate_codes()
    for code in codes[:8]:
        browser = Client()
        log_in(browser)
        page = browser.post(CODE, {"code": code}, follow=True)
        told = [str(message) for message in page.context["messages"]]
    place = "/admin/second-factor/recovery-codes/"
    assert told == [f'You have 2 recovery codes left. <a href="{place}">Make new ones</a>.']
    assert f'<a href="{place}">Make new ones</a>' in page.content.decode()


def test_new_recovery_codes_ask_for_the_password_and_end_the_old_ones(reviewer):
    browser = sign_in(Client(), reviewer, is_password_fresh=False)
    second_factor.TOTP.activate(reviewer, SECRET)
    old = second_factor.new_recovery_codes(reviewer).generate_codes()
    assert browser.post(CODES)["Location"].startswith(AGAIN)
    browser.post(AGAIN, {"password": PASSWORD, "next": CODES})
    shown = re.findall(r"<code>(\d{8})</code>", text_of(browser.post(CODES)))
    assert len(shown) == 10 and not set(shown) & set(old)


def test_github_never_gives_staff_rights_though_it_is_the_same_row(equipped, client):
    client.force_login(equipped, backend=ALLAUTH)
    assert not opens(client)
    assert client.get(CODE)["Location"] == LOGIN
    assert client.post(CODE, {"code": totp(SECRET)})["Location"] == LOGIN


def test_signing_in_with_github_closes_a_desk_that_was_open(reviewer):
    browser = staff_client(reviewer)
    assert opens(browser)
    browser.force_login(reviewer, backend=ALLAUTH)
    assert not opens(browser)


def test_a_second_factor_of_somebody_else_in_the_same_browser_does_not_count(reviewer):
    browser = staff_client(make_reviewer("m.ashby"))
    session = browser.session
    session["_auth_user_id"] = str(reviewer.pk)
    session["_auth_user_hash"] = reviewer.get_session_auth_hash()
    session.save()
    assert not opens(browser)


def test_who_is_no_staff_is_never_asked_for_a_code(client):
    get_user_model().objects.create_user("visitor", password=PASSWORD)
    log_in(client, "visitor")
    assert client.get(CODE)["Location"] == LOGIN


def test_halfway_one_can_leave_again(equipped, client):
    page = text_of(log_in(client, follow=True))
    assert f'action="{reverse("accounts:sign_out")}"' in page
    client.post(reverse("accounts:sign_out"))
    assert client.get(CODE)["Location"] == LOGIN


@pytest.fixture
def freeze(db, tmp_path, settings):
    settings.EXPORT_DIR = tmp_path
    accepted_request(make_user())
    return reverse("admin:releases_release_freeze", args=[planned("v3.1").pk])


def test_a_freeze_asks_for_the_password_again(freeze):
    browser = sign_in(Client(), make_release_manager(), is_password_fresh=False)
    for answer in (browser.get(freeze), browser.post(freeze, {"unprepared": "on"})):
        assert answer.status_code == 302 and answer["Location"].startswith(AGAIN)
    assert "That is not your password." in text_of(browser.post(AGAIN, {"password": "guess", "next": freeze}))
    assert browser.get(freeze).status_code == 302
    assert browser.post(AGAIN, {"password": PASSWORD, "next": freeze})["Location"] == freeze
    assert browser.get(freeze).status_code == 200


def test_a_password_that_was_given_long_ago_does_not_do(freeze):
    browser = staff_client(make_release_manager())
    assert browser.get(freeze).status_code == 200
    session = browser.session
    records = session["account_authentication_methods"]
    records[-1]["at"] = time.time() - 301
    session["account_authentication_methods"] = records
    session.save()
    assert browser.get(freeze)["Location"].startswith(AGAIN)


def test_the_working_day_does_not_begin_anew_with_each_step(equipped, client):
    with time_machine.travel("2026-11-22T08:00:00Z", tick=False) as at:
        log_in(client)
        client.post(CODE, {"code": totp(SECRET)})
        assert opens(client)
        at.shift(7 * 3600)
        session = client.session
        session["anything"] = "changed"
        session.save()
        assert opens(client) and client.session.get_expiry_age() == 3600
        at.shift(3601)
        assert not opens(client)


def test_nobody_who_knows_a_name_shuts_its_owner_out(equipped, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {
        "staff-log-in-name": "3/hour",
        "staff-log-in-everywhere": "10/10 minutes",
    }
    own = Client()
    log_in(own, REMOTE_ADDR="192.0.2.9")
    own.post(CODE, {"code": totp(SECRET)}, REMOTE_ADDR="192.0.2.9")
    own.post(reverse("admin:logout"))
    guesses = [log_in_wrong(f"10.0.{number}.1") for number in range(12)]
    assert guesses == [200] * 9 + [429] * 3
    # Somewhere else they wait some minutes, not an hour; where they were before they do not wait at all.
    elsewhere = log_in(Client(), REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 429 and int(elsewhere["Retry-After"]) <= 600
    assert log_in(own, REMOTE_ADDR="203.0.113.5")["Location"].startswith(CODE)


def test_a_known_browser_guesses_no_more_than_others_and_for_nobody_else(equipped, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"staff-log-in-name": "3/hour"}
    own = Client()
    log_in(own)
    own.post(CODE, {"code": totp(SECRET)})
    own.post(reverse("admin:logout"))
    assert [log_in_wrong(browser=own) for _ in range(4)] == [200, 200, 200, 429]
    assert [log_in_wrong(browser=own, name="m.ashby") for _ in range(4)] == [200, 200, 200, 429]


def log_in_wrong(address: str = "192.0.2.9", *, browser: Client | None = None, name: str = "e.thorne") -> int:
    data = {"username": name, "password": "guess"}
    return (browser or Client()).post(LOGIN, data, REMOTE_ADDR=address).status_code


def test_guesses_from_outside_do_not_stop_who_is_asked_for_the_password_again(equipped, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {
        "staff-log-in-name": "2/hour",
        "staff-password-again": "2/hour",
    }
    browser = sign_in(Client(), equipped, is_password_fresh=False)
    assert [log_in_wrong() for _ in range(3)] == [200, 200, 429]
    assert browser.post(AGAIN, {"password": PASSWORD}).status_code == 302
    assert [browser.post(AGAIN, {"password": "guess"}).status_code for _ in range(2)] == [200, 429]

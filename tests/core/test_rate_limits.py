"""Who is counted, when it is too much, and what happens when nobody can count."""

import time

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from bigcode_optout.accounts.models import User
from bigcode_optout.core.errors import TooMany
from bigcode_optout.core.rate_limits import caller, spend
from tests.operations.running import spare_redis


def _request(address: str = "198.51.100.7", forwarded: str = "", user: object = None):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=address)
    request.user = user or AnonymousUser()
    return request


@pytest.fixture(autouse=True)
def _twice_a_minute(settings) -> None:
    settings.RATE_LIMITS = {"look-up": "2/minute", "sign-in": "1/minute"}
    settings.RATE_LIMIT_STORAGE = "memory://"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "", "198.51.100.7"),
        (0, "203.0.113.9", "198.51.100.7"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "192.0.2.66, 203.0.113.9", "203.0.113.9"),
        (2, "192.0.2.66, 203.0.113.9, 198.51.100.1", "203.0.113.9"),
        (2, "203.0.113.9", "198.51.100.7"),
        (1, "", "198.51.100.7"),
        (1, " , ,", "198.51.100.7"),
    ],
)
def test_the_address_is_the_one_that_our_own_proxies_saw(settings, proxies, forwarded, counted) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert caller(_request(forwarded=forwarded)) == f"address:{counted}"


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("", ""),
    ],
)
def test_an_ipv6_visitor_is_counted_by_line_not_by_one_of_its_many_addresses(address, counted) -> None:
    assert caller(_request(address)) == f"address:{counted}"


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_line_counts_as_one_whatever_address_of_it_is_used(address, counted) -> None:
    assert caller(_request(address)) == f"address:{counted}"


def test_a_visitor_who_makes_up_addresses_is_counted_as_one(settings) -> None:
    settings.TRUSTED_PROXIES = 1
    for made_up in ("192.0.2.1", "192.0.2.2"):
        spend("look-up", _request(forwarded=f"{made_up}, 203.0.113.9"))
    with pytest.raises(TooMany):
        spend("look-up", _request(forwarded="192.0.2.3, 203.0.113.9"))


def test_a_person_is_counted_by_number_wherever_the_request_comes_from() -> None:
    person = User(pk=77)
    spend("look-up", _request("198.51.100.1", user=person))
    spend("look-up", _request("198.51.100.2", user=person))
    with pytest.raises(TooMany):
        spend("look-up", _request("198.51.100.3", user=person))
    spend("look-up", _request("198.51.100.3"))


def test_each_kind_is_counted_for_itself_and_the_sentence_says_how_long_to_wait() -> None:
    spend("sign-in", _request())
    with pytest.raises(TooMany) as refused:
        spend("sign-in", _request())
    assert 1 <= refused.value.retry_after <= 60
    assert f"in {refused.value.retry_after} second" in refused.value.sentence
    spend("look-up", _request())


def test_after_the_window_one_may_go_on() -> None:
    with time_machine.travel("2026-11-22T12:00:00Z") as clock:
        spend("sign-in", _request())
        with pytest.raises(TooMany):
            spend("sign-in", _request())
        clock.shift(61)
        spend("sign-in", _request())
        with pytest.raises(TooMany):
            spend("sign-in", _request())


@pytest.mark.django_db
@pytest.mark.urls("tests.core.addresses")
def test_a_view_counts_only_the_methods_that_it_names(client) -> None:
    assert [client.get("/test/limited/").status_code for _ in range(4)] == [200] * 4
    assert [client.post("/test/limited/").status_code for _ in range(3)] == [200, 200, 429]


def test_a_counter_that_is_down_lets_people_through_quickly_and_says_so(settings, caplog) -> None:
    settings.RATE_LIMIT_STORAGE = "redis://127.0.0.1:1/0"
    started = time.monotonic()
    for _ in range(5):
        spend("sign-in", _request())
    assert time.monotonic() - started < 2
    assert "rate limit sign-in not counted: ConnectionError" in caplog.text
    assert "198.51.100.7" not in caplog.text


def test_what_guards_a_password_is_counted_by_the_process_when_the_counter_is_down(settings) -> None:
    settings.RATE_LIMIT_STORAGE = "redis://127.0.0.1:1/0"
    settings.RATE_LIMITS = {"staff-log-in": "2/minute", "look-up": "2/minute"}
    for _ in range(2):
        spend("staff-log-in", _request("198.51.100.99"))
    with pytest.raises(TooMany):
        spend("staff-log-in", _request("198.51.100.99"))


def test_every_try_of_staff_with_a_password_or_code_is_among_them() -> None:
    from django.conf import settings

    assert {
        "staff-log-in",
        "staff-log-in-name",
        "staff-log-in-everywhere",
        "staff-password-again",
        "staff-second-factor",
    } == settings.RATE_LIMITS_ALWAYS_COUNTED


@pytest.mark.redis
def test_redis_counts_for_all_processes(settings) -> None:
    from bigcode_optout.core.rate_limits import _limiter

    with spare_redis() as url:
        settings.RATE_LIMIT_STORAGE = url
        spend("sign-in", _request())
        _limiter.cache_clear()
        with pytest.raises(TooMany):
            spend("sign-in", _request())

"""Rate limits told apart, the time to wait until, and why something is forbidden."""

import copy
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bigcode_optout.githubapi import (
    BadAnswer,
    BadCredentials,
    Forbidden,
    GitHubClient,
    GitHubError,
    NotFound,
    RateLimited,
    Unavailable,
)

from .scripted_github import ScriptedGitHub, answer, raw

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
RESET = str(int((NOW + timedelta(minutes=17)).timestamp()))
PRIMARY = "API rate limit exceeded for user ID 101."
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


@pytest.fixture
def client(github: ScriptedGitHub, connect: Callable[..., GitHubClient]) -> GitHubClient:
    return connect(github.url, clock=lambda: NOW)


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize(
    ("message", "headers", "is_secondary", "wait"),
    [
        (PRIMARY, {"x_ratelimit_remaining": "0", "x_ratelimit_reset": RESET}, False, 17 * 60),
        (PRIMARY, {"x_ratelimit_remaining": "0", "x_ratelimit_reset": RESET, "retry_after": "5"}, False, 5),
        (PRIMARY, {"x_ratelimit_remaining": "0"}, False, 60),
        (PRIMARY, {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "1"}, False, 1),
        (PRIMARY, {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "9" * 15}, False, 24 * 3600),
        (PRIMARY, {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "soon"}, False, 60),
        (SECONDARY, {"x_ratelimit_remaining": "4000", "retry_after": "30"}, True, 30),
        (SECONDARY, {"x_ratelimit_remaining": "4000", "x_ratelimit_reset": RESET}, True, 60),
        (SECONDARY, {"x_ratelimit_remaining": "0", "x_ratelimit_reset": RESET}, True, 17 * 60),
        (SECONDARY, {}, True, 60),
        ("slow down", {"retry_after": "0"}, True, 1),
    ],
)
def test_the_two_limits_are_told_apart_and_say_until_when(
    status: int,
    message: str,
    headers: dict[str, str],
    is_secondary: bool,
    wait: int,
    github: ScriptedGitHub,
    client: GitHubClient,
) -> None:
    github.on("/users/quillon-marsh", answer({"message": message}, status, **headers))

    with pytest.raises(RateLimited) as caught:
        client.account("quillon-marsh")

    assert caught.value.is_secondary is is_secondary
    assert caught.value.retry_at == NOW + timedelta(seconds=wait)


@pytest.mark.parametrize("retry_after", ["9" * 400, "Fri, 31 Dec 2100 23:59:59 GMT", "-5", "1.5", "²", ""])
def test_a_waiting_time_that_is_no_number_means_a_minute(
    retry_after: str, github: ScriptedGitHub, client: GitHubClient
) -> None:
    head = f"HTTP/1.1 429 Too Many\r\nRetry-After: {retry_after}\r\nContent-Length: 0\r\n\r\n"
    github.on("/users/quillon-marsh", raw(head.encode("latin-1")))

    with pytest.raises(RateLimited) as caught:
        client.account("quillon-marsh")

    assert caught.value.retry_at == NOW + timedelta(minutes=1)


def test_a_limited_person_reads_until_when(github: ScriptedGitHub, client: GitHubClient) -> None:
    github.on("/user", answer({"message": SECONDARY}, 429, retry_after="90"))

    with pytest.raises(RateLimited) as caught:
        client.viewer("gho_abc")

    assert caught.value.sentence == "GitHub asks us to wait until 12:01 UTC. Nothing is lost."


@pytest.mark.parametrize(
    ("message", "headers", "reason"),
    [
        (
            "Although you appear to have the correct authorization credentials, the `norrvik` organization "
            "has enabled OAuth App access restrictions, so access by third parties is limited.",
            {},
            "policy",
        ),
        ("Although you appear to have … the org has an IP allow list enabled", {}, "policy"),
        (
            "Resource protected by organization SAML enforcement. You must grant",
            {},
            "sso",
        ),
        ("Forbidden", {"x_github_sso": "required; url=https://github.com/orgs/norrvik/sso"}, "sso"),
        ("Resource not accessible by integration", {"x_ratelimit_remaining": "17"}, "other"),
        ("Must have admin rights to Repository.", {}, "other"),
        (None, {}, "other"),
        ({"deep": 1}, {}, "other"),
    ],
)
def test_why_something_is_forbidden(
    message: object, headers: dict[str, str], reason: str, github: ScriptedGitHub, client: GitHubClient
) -> None:
    github.on("/user/memberships/orgs/norrvik", answer({"message": message}, 403, **headers))

    with pytest.raises(Forbidden) as caught:
        client.membership("gho_abc", "norrvik")

    assert caught.value.reason == reason


ERRORS = [
    NotFound("status 404"),
    BadCredentials(True),
    Forbidden("sso"),
    RateLimited(NOW, True),
    Unavailable("time-out"),
    BadAnswer("id"),
]


@pytest.mark.parametrize("err", ERRORS, ids=lambda err: err.code)
def test_an_error_survives_the_way_between_processes(err: GitHubError) -> None:
    for twin in (pickle.loads(pickle.dumps(err)), copy.copy(err)):
        assert type(twin) is type(err)
        assert vars(twin) == vars(err)
        assert twin.sentence == err.sentence == str(twin)


def test_each_error_has_its_own_code_and_sentence() -> None:
    assert len({err.code for err in ERRORS}) == len(ERRORS)
    assert len({err.sentence for err in ERRORS}) == len(ERRORS)

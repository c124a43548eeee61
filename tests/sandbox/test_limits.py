"""Every answer tells what is left, and 304 spares it."""

import pytest

from bigcode_optout.sandbox import RunningSandbox

from .client import Client

APP = ("sandbox-client", "sandbox-secret")


def test_each_kind_of_caller_has_its_own_hour(sandbox: RunningSandbox, client: Client) -> None:
    token = sandbox.world.issue_token("quillon-marsh").value
    assert client.api("/users/quillon-marsh").headers["x-ratelimit-limit"] == "60"
    assert client.api("/users/quillon-marsh", token=token).headers["x-ratelimit-remaining"] == "4999"
    assert client.api("/users/quillon-marsh", basic=APP).headers["x-ratelimit-remaining"] == "4999"
    assert client.api("/users/quillon-marsh").headers["x-ratelimit-used"] == "2"


def test_a_user_shares_the_hour_between_tokens(sandbox: RunningSandbox, client: Client) -> None:
    first, second = (sandbox.world.issue_token("quillon-marsh").value for _ in range(2))
    client.api("/user", token=first)
    assert client.api("/user", token=second).headers["x-ratelimit-used"] == "2"


def test_the_sixty_first_question_without_token_is_refused_until_the_hour_is_over(
    sandbox: RunningSandbox, client: Client
) -> None:
    sandbox.world.clock = lambda: 1_000_000.0
    for _ in range(60):
        assert client.api("/users/quillon-marsh").status == 200
    answer = client.api("/users/quillon-marsh")
    assert answer.status == 403
    assert answer.json()["message"] == "API rate limit exceeded for 127.0.0.1."
    assert answer.headers["x-ratelimit-remaining"] == "0"
    assert answer.headers["x-ratelimit-reset"] == "1003600"
    assert client.api("/users/quillon-marsh", basic=APP).status == 200
    sandbox.world.clock = lambda: 1_003_600.0
    assert client.api("/users/quillon-marsh").status == 200


def test_asking_for_the_limit_costs_nothing(client: Client) -> None:
    rates = [client.api("/rate_limit", basic=APP).json()["rate"]["used"] for _ in range(3)]
    assert rates == [0, 0, 0]


@pytest.mark.parametrize("path", ["/user", "/users/nobody-here", "/no/such/call", "/repos/fennwick/lichen"])
def test_errors_and_redirects_carry_the_headers_too(client: Client, path: str) -> None:
    headers = client.api(path).headers
    for name in ("limit", "remaining", "used", "reset", "resource"):
        assert f"x-ratelimit-{name}" in headers
    assert headers["x-github-request-id"]


def test_an_unchanged_answer_is_a_304_that_costs_nothing(sandbox: RunningSandbox, client: Client) -> None:
    token = sandbox.world.issue_token("quillon-marsh").value
    first = client.api("/user", token=token)
    again = client.api("/user", token=token, if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["x-ratelimit-used"] == "1"
    sandbox.world.rename_account("quillon-marsh", "quillon")
    changed = client.api("/user", token=token, if_none_match=first.headers["etag"])
    assert (changed.status, changed.json()["login"]) == (200, "quillon")


def test_a_304_without_token_is_counted(client: Client) -> None:
    etag = client.api("/users/quillon-marsh").headers["etag"]
    again = client.api("/users/quillon-marsh", if_none_match=etag)
    assert (again.status, again.headers["x-ratelimit-used"]) == (304, "2")


def test_an_etag_belongs_to_its_token(sandbox: RunningSandbox, client: Client) -> None:
    first, second = (sandbox.world.issue_token("quillon-marsh").value for _ in range(2))
    etag = client.api("/user", token=first).headers["etag"]
    assert client.api("/user", token=second, if_none_match=etag).status == 200


@pytest.mark.parametrize("scheme", ["token", "Bearer", "bearer", "TOKEN"])
def test_both_token_schemes_work(sandbox: RunningSandbox, client: Client, scheme: str) -> None:
    token = sandbox.world.issue_token("quillon-marsh").value
    assert client.api("/user", authorization=f"{scheme} {token}").status == 200


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer gho_x", "Basic !!!", "Basic eDp5", "Digest x", "nonsense"]
)
def test_wrong_credentials_are_refused_everywhere(client: Client, header: str) -> None:
    answer = client.api("/users/quillon-marsh", authorization=header)
    assert (answer.status, answer.json()["message"]) == (401, "Bad credentials")


def test_a_question_without_user_agent_is_refused(client: Client) -> None:
    assert client.api("/users/quillon-marsh", user_agent="").status == 403

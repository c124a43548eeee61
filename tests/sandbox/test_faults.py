"""Faults can be provoked, over HTTP and from Python, and go away again."""

import http.client
import time

import pytest

from bigcode_optout.sandbox import RunningSandbox

from .client import Client

USER = "/users/quillon-marsh"
SWITCH = "/_sandbox/faults"


def test_a_fault_happens_as_often_as_asked_and_only_there(client: Client) -> None:
    fault = {"path": "/users/quillon", "kind": "server_error", "times": 2}
    assert client.ask(SWITCH, "POST", content=fault).status == 201
    assert client.api("/users/pemberly-quiet").status == 200
    assert [client.api(USER).status for _ in range(3)] == [502, 502, 200]


def test_a_lasting_fault_ends_when_cleared(client: Client) -> None:
    client.ask(SWITCH, "POST", content={"path": "/", "kind": "not_found", "times": None})
    assert {client.api(USER).status for _ in range(4)} == {404}
    assert client.ask(SWITCH).json()[0]["kind"] == "not_found"
    assert client.ask(SWITCH, "DELETE").status == 204
    assert client.api(USER).status == 200


def test_the_primary_limit_says_when_it_ends(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.faults.add("/users/", "primary_limit", seconds=120, status=429)
    answer = client.api(USER)
    assert answer.status == 429
    assert answer.headers["x-ratelimit-remaining"] == "0"
    assert 100 < int(answer.headers["x-ratelimit-reset"]) - time.time() <= 120
    assert answer.json()["message"].startswith("API rate limit exceeded")


def test_the_secondary_limit_says_how_long_to_wait(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.faults.add("/users/", "secondary_limit", seconds=7)
    answer = client.api(USER)
    assert (answer.status, answer.headers["retry-after"]) == (403, "7")
    assert "secondary rate limit" in answer.json()["message"]
    assert int(answer.headers["x-ratelimit-remaining"]) > 0


def test_a_silent_server_answers_nothing_in_time(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.faults.add("/users/", "timeout", seconds=30)
    with pytest.raises(TimeoutError):
        client.api(USER, timeout=0.2)
    assert client.api(USER).status == 200


def test_a_silent_server_closes_in_the_end(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.faults.add("/users/", "timeout", seconds=0.05)
    with pytest.raises(http.client.RemoteDisconnected):
        client.api(USER)


def test_a_cut_body_is_shorter_than_announced(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.faults.add("/users/", "cut_body")
    with pytest.raises(http.client.IncompleteRead):
        client.api(USER)


def test_a_body_that_is_no_json_says_it_were(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.faults.add("/users/", "not_json")
    answer = client.api(USER)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json; charset=utf-8")
    with pytest.raises(ValueError):
        answer.json()


@pytest.mark.parametrize(
    ("kind", "status"), [("unauthorized", 401), ("forbidden_policy", 403), ("not_found", 404)]
)
def test_a_refusal_comes_as_githubs_error(
    sandbox: RunningSandbox, client: Client, kind: str, status: int
) -> None:
    sandbox.faults.add("/users/", kind)
    answer = client.api(USER)
    assert answer.status == status
    assert answer.json()["status"] == str(status)


def test_a_redirect_elsewhere_names_another_host(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.faults.add("/users/|/login/", "redirect_elsewhere", times=2)
    answer = client.api(USER)
    assert (answer.status, answer.headers["location"]) == (301, "http://elsewhere.invalid/api/v3" + USER)
    assert client.submit("/login/oauth/access_token", {}).status == 307


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        {"path": "/users/"},
        {"path": "/users/", "kind": "earthquake"},
        {"path": "(", "kind": "not_found"},
        {"path": "/", "kind": "not_found", "times": 0},
        {"path": "/", "kind": "not_found", "times": "often"},
        {"path": 5, "kind": "not_found"},
        {"path": "/", "kind": "not_found", "unknown": 1},
    ],
)
def test_a_wrong_order_for_a_fault_is_refused_with_a_sentence(client: Client, content: object) -> None:
    answer = client.ask(SWITCH, "POST", content=content)
    assert answer.status == 422
    assert answer.json()["message"]
    assert client.ask(SWITCH).json() == []


def test_the_switch_itself_never_fails(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.faults.add("", "server_error", times=None)
    assert client.ask("/_sandbox/personas").status == 200
    assert client.ask(SWITCH, "DELETE").status == 204

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
    ("kind", "status"),
    [("unauthorized", 401), ("forbidden_policy", 403), ("forbidden_sso", 403), ("not_found", 404)],
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


def test_a_fault_can_wait_until_some_requests_went_well(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.faults.add("/users/", "server_error", after=2)
    assert [client.api(USER).status for _ in range(4)] == [200, 200, 502, 200]


def test_a_redirect_loop_leads_to_where_one_came_from(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.faults.add("/users/", "redirect_loop")
    answer = client.api(USER)
    assert (answer.status, answer.headers["location"]) == (301, f"{sandbox.url}/api/v3{USER}")


def test_a_list_can_have_ten_thousand_pages(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.faults.add("/orgs/", "endless_pages", times=None)
    path = "/orgs/norrvik-instruments/repos?per_page=100"
    first, last = client.api(path), client.api(f"{path}&page=10000")
    assert len(first.json()) == 18
    assert 'page=2>; rel="next"' in first.headers["link"]
    assert 'page=10000>; rel="last"' in first.headers["link"]
    assert 'rel="next"' not in (last.headers["link"] or "")


def test_a_number_changes_its_owner_between_two_calls(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.faults.add("/repositories/", "other_owner", after=1)
    one, two = (client.api("/repositories/194864511").json() for _ in range(2))
    assert one["id"] == two["id"]
    assert (one["owner"]["login"], two["owner"]["login"]) == ("quillon-marsh", "sudden-heir")


def test_a_name_changes_its_number_between_two_calls(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.faults.add("/users/", "other_id", after=1)
    one, two = (client.api(USER).json() for _ in range(2))
    assert (two["id"], two["login"]) == (one["id"] + 1, one["login"])


def test_a_changed_answer_is_not_taken_for_the_unchanged_one(sandbox: RunningSandbox, client: Client) -> None:
    etag = client.api(USER).headers["etag"]
    assert client.api(USER, if_none_match=etag).status == 304
    sandbox.faults.add("/users/", "other_id")
    assert client.api(USER, if_none_match=etag).status == 200


def test_json_can_have_the_wrong_shape(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.faults.add("/users/", "wrong_shape")
    assert isinstance(client.api(USER).json()["id"], str)


def test_an_organisation_can_keep_apps_out_and_let_them_in(sandbox: RunningSandbox, client: Client) -> None:
    token = sandbox.world.issue_token("ansel-thorncroft", "read:org").value
    path = "/user/memberships/orgs/harrow-and-pine"
    refused = client.api(path, token=token)
    assert (refused.status, client.api("/user/orgs", token=token).json()) == (403, [])
    assert "access restrictions" in refused.json()["message"]
    assert client.api("/orgs/harrow-and-pine").status == 200
    sandbox.world.let_app_in("harrow-and-pine")
    assert client.api(path, token=token).json()["role"] == "admin"


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

"""Signing in as on GitHub: the page, the code, the token, and what each refuses."""

import base64
import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigcode_optout.sandbox import RunningSandbox
from bigcode_optout.sandbox.application import DEFAULT_CLIENTS
from bigcode_optout.sandbox.oauth import AuthorizationProblem, read_authorization

from .client import Answer, Client

CALLBACK = "http://127.0.0.1:8000/accounts/github/login/callback/"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-0123456789"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {"client_id": "sandbox-client", "redirect_uri": CALLBACK, "state": "s t&te"}
WITH_PKCE = {**ASKED, "code_challenge": CHALLENGE, "code_challenge_method": "S256"}
AUTHORIZE, TOKEN = "/login/oauth/authorize", "/login/oauth/access_token"


def decide(client: Client, persona: str = "quillon-marsh", decision: str = "grant", **fields: Any) -> Answer:
    return client.submit(AUTHORIZE, {**WITH_PKCE, "persona": persona, "decision": decision, **fields})


def exchange(client: Client, code: str, accept: str = "application/json", **fields: str) -> Answer:
    sent = {
        "client_id": "sandbox-client",
        "client_secret": "sandbox-secret",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    return client.submit(TOKEN, {**sent, **fields}, accept=accept)


def sign_in(client: Client, persona: str = "quillon-marsh", **fields: Any) -> dict[str, str]:
    return exchange(client, decide(client, persona, **fields).location()["code"]).json()


def test_a_person_who_grants_goes_back_with_code_and_state(client: Client) -> None:
    answer = decide(client)
    assert answer.status == 302
    assert answer.headers["location"].startswith(CALLBACK + "?")
    assert answer.location()["state"] == "s t&te"
    token = exchange(client, answer.location()["code"]).json()
    assert (token["token_type"], token["scope"]) == ("bearer", "")
    assert client.api("/user", token=token["access_token"]).json()["login"] == "quillon-marsh"


def test_a_person_who_refuses_goes_back_without_a_code(client: Client) -> None:
    sent_back = decide(client, decision="refuse").location()
    assert sent_back["error"] == "access_denied"
    assert sent_back["state"] == "s t&te"
    assert "code" not in sent_back


def test_the_token_comes_as_a_form_unless_json_is_asked_for(client: Client) -> None:
    answer = exchange(client, decide(client).location()["code"], accept="*/*")
    assert answer.headers["content-type"].startswith("application/x-www-form-urlencoded")
    assert answer.form().keys() == {"access_token", "scope", "token_type"}


def test_a_code_works_once(client: Client) -> None:
    code = decide(client).location()["code"]
    assert "access_token" in exchange(client, code).json()
    again = exchange(client, code)
    assert (again.status, again.json()["error"]) == (200, "bad_verification_code")


@pytest.mark.parametrize(("age", "works"), [(599, True), (600, False)])
def test_a_code_lives_ten_minutes(sandbox: RunningSandbox, client: Client, age: int, works: bool) -> None:
    sandbox.world.clock = lambda: 1_000_000.0
    code = decide(client).location()["code"]
    sandbox.world.clock = lambda: 1_000_000.0 + age
    assert ("access_token" in exchange(client, code).json()) is works


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"client_secret": "guessed"}, "incorrect_client_credentials"),
        ({"client_id": "another"}, "incorrect_client_credentials"),
        ({"code_verifier": "wrong"}, "bad_verification_code"),
        ({"code_verifier": ""}, "bad_verification_code"),
        ({"redirect_uri": "http://127.0.0.1:8000/other"}, "redirect_uri_mismatch"),
    ],
)
def test_a_wrong_exchange_is_an_error_with_status_200(
    client: Client, fields: dict[str, str], error: str
) -> None:
    answer = exchange(client, decide(client).location()["code"], **fields)
    assert answer.status == 200
    assert answer.json()["error"] == error
    assert answer.json().keys() == {"error", "error_description", "error_uri"}


def test_without_a_challenge_no_verifier_is_asked(client: Client) -> None:
    answer = client.submit(AUTHORIZE, {**ASKED, "persona": "quillon-marsh", "decision": "grant"})
    assert "access_token" in exchange(client, answer.location()["code"], code_verifier="").json()


def test_a_scope_may_be_unticked(client: Client) -> None:
    assert sign_in(client, scope="read:org repo", granted=["repo"])["scope"] == "repo"
    assert sign_in(client, "moss-kettering", scope="read:org")["scope"] == ""


def test_a_scope_that_was_not_asked_for_cannot_be_granted(client: Client) -> None:
    assert sign_in(client, scope="", granted=["admin:org"])["scope"] == ""


def test_scopes_add_up_until_the_grant_is_deleted(client: Client) -> None:
    app = ("sandbox-client", "sandbox-secret")
    sign_in(client, scope="read:org", granted=["read:org"])
    later = sign_in(client)
    assert later["scope"] == "read:org"
    answer = client.api("/user", token=later["access_token"])
    assert answer.headers["x-oauth-scopes"] == "read:org"
    gone = client.api(
        "/applications/sandbox-client/grant",
        "DELETE",
        basic=app,
        content={"access_token": later["access_token"]},
    )
    assert (gone.status, gone.body) == (204, b"")
    assert client.api("/user", token=later["access_token"]).status == 401
    assert sign_in(client)["scope"] == ""


def test_a_remembered_persona_is_asked_again_only_for_more(client: Client) -> None:
    cookie = decide(client, remember="yes").headers["set-cookie"].partition(";")[0]
    path = AUTHORIZE + "?client_id=sandbox-client&redirect_uri=http://127.0.0.1:8000/"
    sign_in(client)
    assert "code" in client.ask(path, cookie=cookie).location()
    assert client.ask(path).status == 200
    assert client.ask(path + "&scope=read:org", cookie=cookie).status == 200
    assert client.ask(path + "&prompt=select_account", cookie=cookie).status == 200


def test_the_browser_can_be_signed_out(client: Client) -> None:
    answer = client.submit("/login/oauth/forget", {})
    assert answer.status == 303
    assert "Max-Age=0" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "unknown"},
        {"redirect_uri": "https://127.0.0.1/"},
        {"redirect_uri": "http://optout.example/"},
        {"redirect_uri": "http://127.0.0.1.example/"},
        {"redirect_uri": "http://127.0.0.1@example/"},
        {"redirect_uri": ""},
        {"code_challenge": "plain-text", "code_challenge_method": "plain"},
    ],
)
def test_a_wrong_app_is_told_so_and_nobody_is_sent_away(client: Client, changed: dict[str, str]) -> None:
    answer = client.submit(AUTHORIZE, {**ASKED, "persona": "quillon-marsh", "decision": "grant", **changed})
    assert answer.status == 400
    assert "location" not in answer.headers
    assert "not GitHub" in answer.body.decode()


@pytest.mark.parametrize("persona", ["", "nobody", "norrvik-instruments"])
def test_only_people_can_sign_in(client: Client, persona: str) -> None:
    assert decide(client, persona).status == 400


@given(st.text())
def test_no_text_leads_a_browser_off_this_machine(address: str) -> None:
    try:
        wanted = read_authorization({**ASKED, "redirect_uri": address}, DEFAULT_CLIENTS)
    except AuthorizationProblem:
        return
    assert wanted.back(code="c").headers["location"].startswith(("http://127.0.0.1", "http://localhost"))

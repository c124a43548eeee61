"""The stand-in's answers are what GitHub's published description says."""

from typing import Any

import pytest

from bigcode_optout.sandbox import RunningSandbox

from .client import Client
from .description import errors, required_keys, schema_errors

REPOSITORY = "/repos/{owner}/{repo}"
ASKED = [
    ("/users/{username}", "/users/quillon-marsh"),
    ("/users/{username}", "/users/pemberly-quiet"),
    ("/users/{username}", "/users/norrvik-instruments"),
    ("/user/{account_id}", "/user/4117902"),
    ("/user/{account_id}", "/user/8125530"),
    ("/user", "/user"),
    ("/user/orgs", "/user/orgs"),
    ("/user/memberships/orgs/{org}", "/user/memberships/orgs/norrvik-instruments"),
    ("/orgs/{org}", "/orgs/norrvik-instruments"),
    ("/orgs/{org}", "/orgs/stonefruit-labs"),
    ("/orgs/{org}/members", "/orgs/norrvik-instruments/members"),
    ("/orgs/{org}/public_members", "/orgs/openlanternfish/public_members"),
    (REPOSITORY, "/repos/quillon-marsh/tidewatch"),
    (REPOSITORY, "/repos/quillon-marsh/parquetry"),
    (REPOSITORY, "/repos/quillon-marsh/thesis"),
    (REPOSITORY, "/repos/norrvik-instruments/docs"),
    (REPOSITORY, "/repositories/4117902"),
    ("/users/{username}/repos", "/users/quillon-marsh/repos"),
    ("/users/{username}/repos", "/users/ottilie-grange/repos"),
    ("/orgs/{org}/repos", "/orgs/norrvik-instruments/repos"),
    (
        "/repos/{owner}/{repo}/collaborators/{username}/permission",
        "/repos/norrvik-instruments/docs/collaborators/wren-abernathy/permission",
    ),
    ("/repos/{owner}/{repo}/contents/{path}", "/repos/norrvik-instruments/docs/contents/README.md"),
    ("/gists/{gist_id}", "/gists/aa5a315d61ae9438b18d"),
    ("/rate_limit", "/rate_limit"),
]


@pytest.fixture
def token(sandbox: RunningSandbox) -> str:
    sandbox.world.add_gist("hale-ostrander", "aa5a315d61ae9438b18d", {"proof.txt": "mine"})
    return sandbox.world.issue_token("hale-ostrander", "read:org").value


@pytest.mark.parametrize(("operation", "path"), ASKED)
def test_an_answer_is_as_described(client: Client, token: str, operation: str, path: str) -> None:
    answer = client.api(path, token=token)
    assert answer.status == 200
    assert errors(answer.json(), operation) == []


@pytest.mark.parametrize(("operation", "path"), [row for row in ASKED if not row[1].startswith("/user/")])
def test_an_answer_without_token_is_as_described_too(client: Client, operation: str, path: str) -> None:
    answer = client.api(path)
    if answer.status == 200:
        assert errors(answer.json(), operation) == []
    else:
        # 302: whoever is no member is led to the list of public members.
        assert answer.status in (302, 401, 404)


def test_every_persona_and_repository_is_as_described(sandbox: RunningSandbox, client: Client) -> None:
    token = sandbox.world.issue_token("sunniva-dahl").value
    for account in sandbox.world.accounts.values():
        body = client.api(f"/users/{account.login}", token=token).json()
        assert errors(body, "/users/{username}") == []
    for repository in sandbox.world.repositories.values():
        full_name = sandbox.world.full_name(repository)
        assert errors(client.api(f"/repos/{full_name}", token=token).json(), REPOSITORY) == []


def test_ones_own_account_with_the_scope_user_is_the_private_kind(
    sandbox: RunningSandbox, client: Client
) -> None:
    token = sandbox.world.issue_token("hale-ostrander", "user").value
    body = client.api("/user", token=token).json()
    assert body["user_view_type"] == "private"
    assert body["two_factor_authentication"] is True
    assert errors(body, "/user") == []


def test_a_directory_is_a_list_as_described(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.world.write_file("norrvik-instruments/docs", "guide/start.md", b"# Start\n")
    body = client.api("/repos/norrvik-instruments/docs/contents/").json()
    assert [(row["name"], row["type"]) for row in body] == [("README.md", "file"), ("guide", "dir")]
    assert schema_errors(body, "content-directory") == []


@pytest.mark.parametrize(
    ("status", "operation", "path"),
    [
        (404, "/users/{username}", "/users/fennwick"),
        (404, REPOSITORY, "/repos/larkspur-dev/canal-maps"),
        (301, REPOSITORY, "/repos/fennwick/lichen"),
        (401, "/user", "/user"),
    ],
)
def test_an_error_is_as_described(client: Client, status: int, operation: str, path: str) -> None:
    answer = client.api(path)
    assert answer.status == status
    assert errors(answer.json(), operation, status) == []


def test_the_answers_about_a_token_are_as_described(client: Client, token: str) -> None:
    path, app = "/applications/sandbox-client/token", ("sandbox-client", "sandbox-secret")
    operation = "/applications/{client_id}/token"
    known = client.api(path, "POST", basic=app, content={"access_token": token})
    assert errors(known.json(), operation, 200, "post") == []
    missing = client.api(path, "POST", basic=app, content={})
    assert missing.status == 422
    assert errors(missing.json(), operation, 422, "post") == []
    unknown = client.api(path, "POST", basic=app, content={"access_token": "gho_none"})
    assert errors(unknown.json(), operation, 404, "post") == []


@pytest.mark.parametrize(
    ("schema", "operation", "path"),
    [
        ("full-repository", REPOSITORY, "/repos/quillon-marsh/parquetry"),
        ("public-user", "/users/{username}", "/users/quillon-marsh"),
        ("organization-full", "/orgs/{org}", "/orgs/norrvik-instruments"),
        ("org-membership", "/user/memberships/orgs/{org}", "/user/memberships/orgs/norrvik-instruments"),
    ],
)
def test_the_description_notices_each_missing_key(
    client: Client, token: str, schema: str, operation: str, path: str
) -> None:
    body: dict[str, Any] = client.api(path, token=token).json()
    keys = required_keys(schema)
    assert len(keys) >= 6
    for key in keys:
        shorter = {name: value for name, value in body.items() if name != key}
        assert errors(shorter, operation), f"nobody misses {key}"


def test_a_full_repository_has_the_75_required_keys(client: Client) -> None:
    body = client.api("/repos/quillon-marsh/tidewatch").json()
    assert len(required_keys("full-repository")) == 75
    assert set(required_keys("full-repository")) <= body.keys()


def test_the_description_notices_a_key_that_a_public_user_has_not(client: Client) -> None:
    body = client.api("/users/quillon-marsh").json()
    assert errors({**body, "two_factor_authentication": True}, "/users/{username}")

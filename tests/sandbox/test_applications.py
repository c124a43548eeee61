"""What an app can do about its own tokens."""

import pytest

from bigcode_optout.sandbox import RunningSandbox, start

from .client import Client

APP = ("sandbox-client", "sandbox-secret")
PATH = "/applications/sandbox-client/token"


def test_a_token_can_be_checked_and_ended_by_itself(sandbox: RunningSandbox, client: Client) -> None:
    first, second = (sandbox.world.issue_token("quillon-marsh", "read:org").value for _ in range(2))
    known = client.api(PATH, "POST", basic=APP, content={"access_token": first}).json()
    assert (known["user"]["login"], known["scopes"]) == ("quillon-marsh", ["read:org"])
    assert client.api(PATH, "DELETE", basic=APP, content={"access_token": first}).status == 204
    assert client.api("/user", token=first).status == 401
    assert client.api("/user", token=second).status == 200


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize(
    ("app", "content", "status"),
    [
        (None, {"access_token": "gho_x"}, 401),
        (("sandbox-client", "wrong"), {"access_token": "gho_x"}, 401),
        (APP, {}, 422),
        (APP, {"access_token": 5}, 422),
        (APP, ["gho_x"], 422),
        (APP, {"access_token": "gho_x"}, 404),
    ],
)
def test_a_wrong_question_about_a_token_changes_nothing(
    client: Client, method: str, app: tuple[str, str] | None, content: object, status: int
) -> None:
    assert client.api(PATH, method, basic=app, content=content).status == status


def test_an_app_knows_nothing_of_another_apps_tokens() -> None:
    running = start(clients={"one": "1", "two": "2"})
    try:
        client = Client(running.url)
        token = running.world.issue_token("quillon-marsh", client_id="one").value
        content = {"access_token": token}
        assert (
            client.api("/applications/two/token", "DELETE", basic=("two", "2"), content=content).status == 404
        )
        assert (
            client.api("/applications/one/token", "DELETE", basic=("two", "2"), content=content).status == 404
        )
        assert client.api("/user", token=token).status == 200
    finally:
        running.stop()

"""Memberships are seen with the right scope, by the right person."""

import pytest

from bigcode_optout.sandbox import RunningSandbox

from .client import Client

PATH = "/user/memberships/orgs/{}"


@pytest.mark.parametrize(
    ("login", "organisation", "role", "state"),
    [
        ("hale-ostrander", "norrvik-instruments", "admin", "active"),
        ("hale-ostrander", "Low-Tide-Club", "admin", "active"),
        ("wren-abernathy", "norrvik-instruments", "member", "active"),
        ("ottilie-grange", "norrvik-instruments", "admin", "pending"),
    ],
)
def test_a_membership_has_role_and_state(
    sandbox: RunningSandbox, client: Client, login: str, organisation: str, role: str, state: str
) -> None:
    token = sandbox.world.issue_token(login, "read:org").value
    body = client.api(PATH.format(organisation), token=token).json()
    assert (body["role"], body["state"], body["user"]["login"]) == (role, state, login)


@pytest.mark.parametrize(
    ("login", "scope", "organisation"),
    [
        ("hale-ostrander", "", "norrvik-instruments"),
        ("hale-ostrander", "repo", "norrvik-instruments"),
        ("odalys-brook", "read:org", "norrvik-instruments"),
        ("hale-ostrander", "read:org", "quillon-marsh"),
        ("hale-ostrander", "read:org", "no-such-organisation"),
    ],
)
def test_no_membership_is_shown_without_scope_or_belonging(
    sandbox: RunningSandbox, client: Client, login: str, scope: str, organisation: str
) -> None:
    token = sandbox.world.issue_token(login, scope).value
    assert client.api(PATH.format(organisation), token=token).status == 404


def test_a_wider_scope_includes_reading(sandbox: RunningSandbox, client: Client) -> None:
    token = sandbox.world.issue_token("hale-ostrander", "admin:org").value
    assert client.api(PATH.format("norrvik-instruments"), token=token).status == 200


def test_nobody_has_a_membership_without_a_token(client: Client) -> None:
    assert client.api(PATH.format("norrvik-instruments")).status == 401
    app = ("sandbox-client", "sandbox-secret")
    assert client.api(PATH.format("norrvik-instruments"), basic=app).status == 401


def test_the_list_of_organisations_needs_a_scope_and_leaves_out_invitations(
    sandbox: RunningSandbox, client: Client
) -> None:
    world = sandbox.world
    assert client.api("/user/orgs", token=world.issue_token("hale-ostrander").value).status == 403
    hale = client.api("/user/orgs", token=world.issue_token("hale-ostrander", "read:org").value).json()
    assert [row["login"] for row in hale] == ["norrvik-instruments", "low-tide-club"]
    assert client.api("/user/orgs", token=world.issue_token("ottilie-grange", "user").value).json() == []


def test_the_public_profile_is_readable_by_all_and_can_change(
    sandbox: RunningSandbox, client: Client
) -> None:
    sandbox.world.edit_profile("norrvik-instruments", description="optout-code-4F7K")
    assert client.api("/orgs/norrvik-instruments").json()["description"] == "optout-code-4F7K"
    assert client.api("/orgs/quillon-marsh").status == 404


def test_a_changed_role_shows_at_once(sandbox: RunningSandbox, client: Client) -> None:
    token = sandbox.world.issue_token("wren-abernathy", "read:org").value
    sandbox.world.set_membership("norrvik-instruments", "wren-abernathy", role="admin")
    assert client.api(PATH.format("norrvik-instruments"), token=token).json()["role"] == "admin"
    sandbox.world.remove_membership("norrvik-instruments", "wren-abernathy")
    assert client.api(PATH.format("norrvik-instruments"), token=token).status == 404


def logins(client: Client, path: str, token: str | None = None) -> list[str]:
    return [row["login"] for row in client.api(path, token=token).json()]


def test_a_member_sees_all_members_and_anybody_those_in_public(
    sandbox: RunningSandbox, client: Client
) -> None:
    token = sandbox.world.issue_token("wren-abernathy", "read:org").value
    sandbox.world.set_membership("norrvik-instruments", "sunniva-dahl", role="admin", is_public=True)
    assert logins(client, "/orgs/norrvik-instruments/members", token) == [
        "hale-ostrander",
        "sunniva-dahl",
        "wren-abernathy",
    ]
    assert logins(client, "/orgs/norrvik-instruments/public_members") == ["sunniva-dahl"]


@pytest.mark.parametrize(("login", "scope"), [("odalys-brook", "read:org"), ("hale-ostrander", "")])
def test_whoever_is_no_member_or_did_not_grant_it_is_led_to_the_public_ones(
    sandbox: RunningSandbox, client: Client, login: str, scope: str
) -> None:
    token = sandbox.world.issue_token(login, scope).value
    answer = client.api("/orgs/norrvik-instruments/members", token=token)
    assert answer.status == 302
    assert answer.headers["location"].endswith("/api/v3/orgs/norrvik-instruments/public_members")


def test_an_organisation_with_many_members_has_them_on_several_pages(
    sandbox: RunningSandbox, client: Client
) -> None:
    token = sandbox.world.issue_token("idris-calloway", "read:org").value
    answer = client.api("/orgs/openlanternfish/members?per_page=100", token=token)
    assert len(answer.json()) == 100
    assert 'page=3>; rel="last"' in answer.headers["link"]
    assert len(logins(client, "/orgs/openlanternfish/members?per_page=100&page=3", token)) == 40
    assert logins(client, "/orgs/openlanternfish/public_members") == ["quillon-marsh", "idris-calloway"]
    sandbox.world.let_in_others("openlanternfish", 0)
    assert len(logins(client, "/orgs/openlanternfish/members", token)) == 2


def test_who_belongs_to_an_organisation_that_keeps_apps_out_is_not_shown(
    sandbox: RunningSandbox, client: Client
) -> None:
    token = sandbox.world.issue_token("ansel-thorncroft", "read:org").value
    assert client.api("/orgs/harrow-and-pine/members", token=token).status == 403

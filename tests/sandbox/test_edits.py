"""By hand, in the browser, an owner changes the public profile and somebody who may push adds a file."""

import re

import pytest

from bigcode_optout.sandbox import RunningSandbox

from .client import Client

PROFILE = "/organizations/harrow-and-pine/settings/profile"
FILE = "/norrvik-instruments/field-recorder-firmware"


def editors(text: str) -> list[str]:
    return re.findall(r"<option>([^<]+)</option>", text)


def test_an_owner_puts_a_code_into_the_public_profile(client: Client) -> None:
    shown = client.ask("/harrow-and-pine").body.decode()
    assert editors(shown) == ["ansel-thorncroft"]
    answer = client.submit(PROFILE, {"as": "ansel-thorncroft", "description": "optout-4F7K <b>"})
    assert (answer.status, answer.headers["location"]) == (303, "/harrow-and-pine")
    assert client.api("/orgs/harrow-and-pine").json()["description"] == "optout-4F7K <b>"
    assert "optout-4F7K &lt;b&gt;" in client.ask("/harrow-and-pine").body.decode()


@pytest.mark.parametrize("login", ["wren-abernathy", "ottilie-grange", "quillon-marsh", ""])
def test_members_invited_ones_and_strangers_cannot_change_the_profile(client: Client, login: str) -> None:
    before = client.api("/orgs/norrvik-instruments").json()["description"]
    path = "/organizations/norrvik-instruments/settings/profile"
    assert client.submit(path, {"as": login, "description": "mine"}).status == 403
    assert client.api("/orgs/norrvik-instruments").json()["description"] == before


def test_a_person_has_no_organisation_page(client: Client) -> None:
    assert client.ask("/quillon-marsh").status == 404
    assert (
        client.submit("/organizations/quillon-marsh/settings/profile", {"as": "quillon-marsh"}).status == 404
    )


def test_who_may_push_adds_a_file(client: Client) -> None:
    shown = client.ask(FILE).body.decode()
    assert {"odalys-brook", "hale-ostrander"} <= set(editors(shown))
    assert 'value="bigcode-optout.txt"' in shown
    form = {"as": "odalys-brook", "path": "bigcode-optout.txt", "text": "a code"}
    assert client.submit(f"{FILE}/new/main", form).status == 303
    assert client.api(f"/repos{FILE}/contents/bigcode-optout.txt").json()["type"] == "file"


def test_who_may_only_read_adds_nothing(client: Client) -> None:
    form = {"as": "quillon-marsh", "path": "bigcode-optout.txt", "text": "a code"}
    assert client.submit(f"{FILE}/new/main", form).status == 403
    assert client.api(f"/repos{FILE}/contents/bigcode-optout.txt").status == 404


def test_a_private_repository_has_no_page(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.world.add_repository("quillon-marsh/hidden", id=990_000_001, private=True)
    assert client.ask("/quillon-marsh/hidden").status == 404


def test_the_first_page_leads_to_every_organisation(client: Client) -> None:
    text = client.ask("/").body.decode()
    assert 'href="/skerry-archive"' in text


@pytest.mark.parametrize(
    ("order", "path", "status"),
    [
        ({"verb": "rename_account", "login": "moss-kettering", "new_login": "moss"}, "/users/moss", 200),
        ({"verb": "delete_account", "login": "moss-kettering"}, "/user/5623788", 404),
        (
            {
                "verb": "transfer_repository",
                "full_name": "moss-kettering/bog-lamp",
                "new_owner": "rook-harbour",
            },
            "/repos/rook-harbour/bog-lamp",
            200,
        ),
        (
            {"verb": "write_file", "full_name": "low-tide-club/club-bylaws", "path": "a.txt", "data": "x"},
            "/repos/low-tide-club/club-bylaws/contents/a.txt",
            200,
        ),
    ],
)
def test_a_test_in_another_process_changes_the_world(
    client: Client, order: dict[str, str], path: str, status: int
) -> None:
    assert client.ask("/_sandbox/world", "POST", content=order).status == 204
    assert client.api(path).status == status


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"verb": "issue_token", "login": "moss-kettering"},
        {"verb": "delete_account", "login": "nobody-of-this-name"},
        {"verb": "delete_account", "login": "moss-kettering", "and": "more"},
        {"verb": "rename_account", "login": "moss-kettering", "new_login": "brindle-fenn"},
    ],
)
def test_a_wrong_order_to_the_world_is_refused_and_changes_nothing(
    client: Client, order: dict[str, str]
) -> None:
    assert client.ask("/_sandbox/world", "POST", content=order).status == 422
    assert client.api("/users/moss-kettering").status == 200

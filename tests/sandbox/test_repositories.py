"""Repositories under present and former names, and who may do what there."""

import base64

import pytest

from bigcode_optout.sandbox import RunningSandbox

from .client import Client


def test_a_name_is_found_in_any_letter_case_and_answered_in_its_own(client: Client) -> None:
    assert client.api("/repos/QUILLON-marsh/TideWatch").json()["full_name"] == "quillon-marsh/tidewatch"


def test_a_kelvin_sign_is_not_a_k(client: Client) -> None:
    assert client.api("/repos/moss-kettering/bog-lamp").status == 200
    assert client.api("/repos/moss-%E2%84%AAettering/bog-lamp").status == 404


def test_a_former_name_redirects_by_number(sandbox: RunningSandbox, client: Client) -> None:
    answer = client.api("/repos/Fennwick/lichen")
    number = sandbox.world.repository("brindle-fenn/lichen").id
    assert answer.status == 301
    assert answer.headers["location"] == f"{sandbox.url}/api/v3/repositories/{number}"
    assert answer.json()["message"] == "Moved Permanently"
    assert answer.json()["url"] == answer.headers["location"]
    assert answer.json()["documentation_url"] == "https://docs.github.com/v3/#http-redirects"


def test_what_lies_below_a_former_name_redirects_too(sandbox: RunningSandbox, client: Client) -> None:
    answer = client.api("/repos/fennwick/peat-cutter/contents/README.md")
    assert answer.headers["location"] == f"{sandbox.url}/api/v3/repositories/4117902/contents/README.md"
    followed = client.api("/repositories/4117902/contents/README.md").json()
    assert base64.b64decode(followed["content"]) == b"# peat-cutter\n"


def test_a_transferred_repository_leads_to_its_new_owner(client: Client) -> None:
    answer = client.api("/repos/moss-kettering/shared-lab")
    path = answer.headers["location"].partition("/api/v3")[2]
    assert client.api(path).json()["owner"]["login"] == "low-tide-club"


def test_a_redirect_ends_when_somebody_takes_the_name(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.world.add_account("fennwick", id=200_000_001)
    assert client.api("/repos/fennwick/lichen").status == 301
    sandbox.world.add_repository("fennwick/lichen", id=1_200_000_001)
    answer = client.api("/repos/fennwick/lichen")
    assert (answer.status, answer.json()["id"]) == (200, 1_200_000_001)


def test_an_old_login_leads_nowhere_or_to_its_next_holder(sandbox: RunningSandbox, client: Client) -> None:
    assert client.api("/users/fennwick").status == 404
    assert client.api("/user/1698341").json()["login"] == "brindle-fenn"
    sandbox.world.add_account("fennwick", id=200_000_001)
    assert client.api("/users/fennwick").json()["id"] == 200_000_001


def test_renaming_moving_and_deleting_show_at_once(sandbox: RunningSandbox, client: Client) -> None:
    world = sandbox.world
    number = client.api("/repos/quillon-marsh/lull").json()["id"]
    world.rename_repository("quillon-marsh/lull", "calm")
    world.rename_account("quillon-marsh", "quillon")
    world.transfer_repository("quillon/calm", "low-tide-club")
    for former in ("quillon-marsh/lull", "quillon-marsh/calm", "quillon/calm"):
        assert client.api(f"/repos/{former}").headers["location"].endswith(f"/repositories/{number}")
    assert client.api("/repos/low-tide-club/calm").json()["id"] == number
    world.delete_repository("low-tide-club/calm")
    assert client.api("/repos/quillon/calm").status == 404
    assert client.api(f"/repositories/{number}").status == 404


def test_a_deleted_account_takes_everything_along(sandbox: RunningSandbox, client: Client) -> None:
    token = sandbox.world.issue_token("moss-kettering").value
    sandbox.world.delete_account("moss-kettering")
    assert client.api("/users/moss-kettering").status == 404
    assert client.api("/repos/moss-kettering/sphagnum").status == 404
    assert client.api("/user", token=token).status == 401
    assert client.api("/repos/moss-kettering/shared-lab").status == 301, "it belongs to the club now"


def test_an_account_number_is_never_taken_for_a_repository_number(client: Client) -> None:
    assert client.api("/user/4117902").json()["login"] == "quillon-marsh"
    assert client.api("/repositories/4117902").json()["owner"]["login"] == "brindle-fenn"


def test_a_fork_names_its_parent(client: Client) -> None:
    body = client.api("/repos/quillon-marsh/parquetry").json()
    assert body["fork"] is True
    assert body["parent"]["full_name"] == "stonefruit-labs/parquetry"
    assert "parent" not in client.api("/repos/quillon-marsh/tidewatch").json()


@pytest.mark.parametrize(
    ("login", "may_administer"),
    [
        ("odalys-brook", True),
        ("hale-ostrander", True),
        ("wren-abernathy", False),
        ("ottilie-grange", False),
        ("quillon-marsh", False),
    ],
)
def test_permissions_are_those_of_the_tokens_user(
    sandbox: RunningSandbox, client: Client, login: str, may_administer: bool
) -> None:
    token = sandbox.world.issue_token(login).value
    body = client.api("/repos/norrvik-instruments/field-recorder-firmware", token=token).json()
    assert body["permissions"]["admin"] is may_administer
    assert body["permissions"]["pull"] is True


def test_without_a_token_there_are_no_permissions(client: Client) -> None:
    app = ("sandbox-client", "sandbox-secret")
    assert "permissions" not in client.api("/repos/norrvik-instruments/docs").json()
    assert "permissions" not in client.api("/repos/norrvik-instruments/docs", basic=app).json()


def test_only_who_may_push_sees_the_permission_of_others(sandbox: RunningSandbox, client: Client) -> None:
    path = "/repos/norrvik-instruments/field-recorder-firmware/collaborators/odalys-brook/permission"
    hale, wren = (sandbox.world.issue_token(login).value for login in ("hale-ostrander", "wren-abernathy"))
    assert client.api(path, token=hale).json()["permission"] == "admin"
    assert client.api(path, token=wren).status == 403
    assert client.api(path).status == 401


def test_a_private_repository_is_hidden_from_those_who_may_not_see_it(
    sandbox: RunningSandbox, client: Client
) -> None:
    world, path = sandbox.world, "/repos/norrvik-instruments/prototype"
    world.add_repository("norrvik-instruments/prototype", id=1_200_000_002, private=True)
    assert client.api(path).status == 404
    assert client.api(path, token=world.issue_token("quillon-marsh", "repo").value).status == 404
    assert client.api(path, token=world.issue_token("hale-ostrander").value).status == 404
    assert client.api(path, token=world.issue_token("wren-abernathy", "repo").value).status == 200
    listed = client.api("/orgs/norrvik-instruments/repos?per_page=100").json()
    assert "prototype" not in {row["name"] for row in listed}


def test_a_file_comes_bare_when_asked_for_so(client: Client) -> None:
    path = "/repos/norrvik-instruments/docs/contents/README.md"
    assert client.api(path, accept="application/vnd.github.raw+json").body == b"# docs\n"
    assert client.api(path + "?ref=other").status == 404
    assert client.api("/repos/norrvik-instruments/docs/contents/missing.md").status == 404


def test_a_large_file_comes_without_its_content(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.world.write_file("norrvik-instruments/docs", "large.bin", b"x" * (1024 * 1024 + 1))
    body = client.api("/repos/norrvik-instruments/docs/contents/large.bin").json()
    assert (body["encoding"], body["content"], body["size"]) == ("none", "", 1024 * 1024 + 1)

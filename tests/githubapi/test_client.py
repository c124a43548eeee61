"""What each method asks, and what it makes of an ordinary answer."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bigcode_optout.githubapi import (
    Account,
    BadAnswer,
    Deadline,
    GitHubClient,
    Membership,
    NotFound,
    Organisation,
    Unavailable,
)

from .bodies import membership_body, organisation_body, repository_body, user_body
from .scripted_github import ScriptedGitHub, answer, redirect

BASIC = "Basic " + base64.b64encode(b"Iv1.desk:secret-of-the-desk").decode()


def test_github_com_has_its_api_on_its_own_host(connect: Callable[..., GitHubClient]) -> None:
    client = connect("https://github.com/")

    assert client.api_url == "https://api.github.com"
    assert client.authorize_url == "https://github.com/login/oauth/authorize"
    assert client.access_token_url == "https://github.com/login/oauth/access_token"


def test_every_other_server_has_its_api_below_api_v3(connect: Callable[..., GitHubClient]) -> None:
    client = connect("https://git.example.org/")

    assert client.api_url == "https://git.example.org/api/v3"
    assert client.authorize_url == "https://git.example.org/login/oauth/authorize"


@pytest.mark.parametrize("address", ["github.com", "ftp://github.com", "https://", "https://github.com/?a=b"])
def test_what_is_no_address_of_a_server_is_refused(
    address: str, connect: Callable[..., GitHubClient]
) -> None:
    with pytest.raises(ValueError, match="web address"):
        connect(address)


def test_the_viewer_is_asked_for_with_the_token_and_the_headers_github_wants(
    github: ScriptedGitHub, client: GitHubClient
) -> None:
    github.on("/user", answer(user_body(), x_oauth_scopes="read:org, gist"))

    viewer = client.viewer("gho_abc", Deadline(2))

    assert viewer.account == Account(101, "quillon-marsh", "User", datetime(2012, 3, 4, 5, 6, 7, tzinfo=UTC))
    assert viewer.granted_scopes == {"read:org", "gist"}
    (asked,) = github.asked
    assert asked.headers["Authorization"] == "Bearer gho_abc"
    assert asked.headers["Accept"] == "application/vnd.github+json"
    assert asked.headers["X-GitHub-Api-Version"] == "2022-11-28"
    assert asked.headers["User-Agent"] == "opt-out-desk-tests"


@pytest.mark.parametrize("headers", [{}, {"x_oauth_scopes": ""}])
def test_a_sign_in_without_scopes_has_none(
    headers: dict[str, str], github: ScriptedGitHub, client: GitHubClient
) -> None:
    github.on("/user", answer(user_body(), **headers))

    assert client.viewer("gho_abc").granted_scopes == frozenset()


def test_a_viewer_is_never_an_organisation(github: ScriptedGitHub, client: GitHubClient) -> None:
    github.on("/user", answer(user_body(type="Organization")))

    with pytest.raises(BadAnswer):
        client.viewer("gho_abc")


def test_calls_without_a_token_are_made_as_the_app(github: ScriptedGitHub, client: GitHubClient) -> None:
    github.on("/users/Quillon-Marsh", answer(user_body()))

    assert client.account("Quillon-Marsh").login == "quillon-marsh"
    assert github.asked[0].headers["Authorization"] == BASIC


def test_without_id_and_secret_nobody_asks_whatever_a_netrc_file_says(
    github: ScriptedGitHub,
    connect: Callable[..., GitHubClient],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login intruder password intruder\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    github.on("/users/quillon-marsh", answer(user_body()))

    connect(github.url, client_secret="").account("quillon-marsh")
    connect(github.url).account("quillon-marsh")

    assert "Authorization" not in github.asked[0].headers
    assert github.asked[1].headers["Authorization"] == BASIC


def test_an_account_is_found_by_its_number(github: ScriptedGitHub, client: GitHubClient) -> None:
    github.on("/user/101", answer(user_body(login="renamed-since")))

    assert client.account_by_id(101).login == "renamed-since"


def test_another_number_than_the_one_asked_for_is_no_answer(
    github: ScriptedGitHub, client: GitHubClient
) -> None:
    github.on("/user/102", answer(user_body()))
    github.on("/repositories/5002", answer(repository_body()))

    with pytest.raises(BadAnswer):
        client.account_by_id(102)
    with pytest.raises(BadAnswer):
        client.repository_by_id(5002)


def test_an_organisation_shows_its_public_profile(github: ScriptedGitHub, client: GitHubClient) -> None:
    github.on("/orgs/norrvik-instruments", answer(organisation_body(location="Umeå")))

    assert client.organisation("norrvik-instruments") == Organisation(
        900,
        "norrvik-instruments",
        "Instruments",
        "",
        "Umeå",
        datetime(2015, 1, 2, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("state", "role", "owns"),
    [
        ("active", "admin", True),
        ("pending", "admin", False),
        ("active", "member", False),
        ("active", "billing_manager", False),
    ],
)
def test_only_an_active_admin_owns_an_organisation(
    state: str, role: str, owns: bool, github: ScriptedGitHub, client: GitHubClient
) -> None:
    body = membership_body(state=state, role=role)
    github.on("/user/memberships/orgs/norrvik-instruments", answer(body))

    membership = client.membership("gho_abc", "norrvik-instruments", Deadline(2))

    assert membership == Membership(900, "norrvik-instruments", state, role, 101)  # type: ignore[arg-type]
    assert membership.is_owner is owns
    assert github.asked[0].headers["Authorization"] == "Bearer gho_abc"


def test_a_repository_tells_what_the_tokens_user_may_do(github: ScriptedGitHub, client: GitHubClient) -> None:
    github.on("/repos/quillon-marsh/tidepool", answer(repository_body()))
    github.on("/repos/quillon-marsh/other", answer(repository_body(permissions={"admin": False})))

    assert client.repository("quillon-marsh/tidepool", "gho_abc").may_administer is True
    assert client.repository("quillon-marsh/other", "gho_abc").may_administer is False


def test_permissions_that_nobodys_token_asked_for_say_nothing(
    github: ScriptedGitHub, client: GitHubClient
) -> None:
    github.on("/repos/quillon-marsh/tidepool", answer(repository_body()))

    assert client.repository("quillon-marsh/tidepool").may_administer is None


def test_a_fork_names_its_parent(github: ScriptedGitHub, client: GitHubClient) -> None:
    body = repository_body(fork=True, parent={"full_name": "norrvik-instruments/tidepool"})
    github.on("/repositories/5001", answer(body))

    repository = client.repository_by_id(5001)

    assert repository.is_fork
    assert repository.parent_full_name == "norrvik-instruments/tidepool"
    assert not repository.redirected


def test_a_former_name_leads_to_the_repository_by_number(
    github: ScriptedGitHub, client: GitHubClient
) -> None:
    github.on("/repos/old-name/tidepool", redirect(f"{github.url}/api/v3/repositories/5001"))
    github.on("/repositories/5001", answer(repository_body()))

    repository = client.repository("old-name/tidepool", "gho_abc")

    assert repository.redirected
    assert repository.full_name == "quillon-marsh/tidepool"
    assert [asked.headers["Authorization"] for asked in github.asked] == ["Bearer gho_abc"] * 2


def test_the_repositories_of_a_user_come_from_all_pages(github: ScriptedGitHub, client: GitHubClient) -> None:
    first, second = (f"/users/quillon-marsh/repos?type=owner&per_page=100{more}" for more in ("", "&page=2"))
    link = f'<{github.url}/api/v3{second}>; rel="next", <{github.url}/api/v3{second}>; rel="last"'
    listed = [repository_body(id=number) for number in (1, 2, 3)]
    for body in listed:
        del body["permissions"]
    github.on(first, answer(listed[:2], link=link))
    github.on(second, answer(listed[2:], link=f'<{github.url}/api/v3{first}>; rel="first"'))

    assert [repository.id for repository in client.owner_repositories("quillon-marsh")] == [1, 2, 3]


def test_of_an_organisation_only_public_repositories_are_asked_for(
    github: ScriptedGitHub, client: GitHubClient
) -> None:
    github.on("/orgs/norrvik-instruments/repos", answer([]))

    assert list(client.owner_repositories("norrvik-instruments", kind="Organization")) == []
    assert github.asked[0].path == "/api/v3/orgs/norrvik-instruments/repos?type=public&per_page=100"


def test_pages_are_fetched_as_they_are_needed(github: ScriptedGitHub, client: GitHubClient) -> None:
    link = f'<{github.url}/api/v3/users/quillon-marsh/repos?page=2>; rel="next"'
    github.on("/users/quillon-marsh/repos?type=owner&per_page=100", answer([repository_body()], link=link))
    github.on("/users/quillon-marsh/repos?page=2", answer({}, 503))
    repositories = client.owner_repositories("quillon-marsh")

    assert next(repositories).id == 5001
    assert len(github.asked) == 1
    with pytest.raises(Unavailable):
        next(repositories)


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.account("../repositories/1"),
        lambda client: client.organisation("norrvik instruments"),
        lambda client: client.membership("gho_abc", "a/b"),
        lambda client: client.repository("only-an-owner"),
        lambda client: client.repository("quillon-marsh/.."),
        lambda client: client.owner_repositories(""),
        lambda client: client.file_content("a/b/c", "proof.txt"),
    ],
)
def test_a_name_that_github_cannot_have_is_not_asked_for(
    ask: Callable[[GitHubClient], object], github: ScriptedGitHub, client: GitHubClient
) -> None:
    with pytest.raises(NotFound):
        ask(client)
    assert github.asked == []


@pytest.mark.parametrize("what", ["token", "grant"])
@pytest.mark.parametrize(
    ("status", "is_void"),
    [(204, True), (404, True), (422, True), (401, False), (403, False), (500, False), (301, False)],
)
def test_revoking_says_whether_the_token_is_void(
    what: str, status: int, is_void: bool, github: ScriptedGitHub, client: GitHubClient
) -> None:
    github.on(f"/applications/Iv1.desk/{what}", answer(b"", status))
    revoke = client.revoke_token if what == "token" else client.revoke_grant

    assert revoke("gho_abc") is is_void
    (asked,) = github.asked
    assert asked.method == "DELETE"
    assert asked.headers["Authorization"] == BASIC
    assert asked.body == b'{"access_token": "gho_abc"}'


def test_revoking_never_raises_and_never_follows(
    github: ScriptedGitHub, elsewhere: ScriptedGitHub, connect: Callable[..., GitHubClient]
) -> None:
    github.on("/applications/Iv1.desk/token", redirect(f"{elsewhere.url}/api/v3/user", 307))
    gone = ScriptedGitHub()
    gone.stop()

    assert connect(github.url).revoke_token("gho_abc") is False
    assert connect(gone.url).revoke_token("gho_abc") is False
    assert connect(github.url, client_secret="").revoke_token("gho_abc") is False
    assert connect(github.url).revoke_token("\ud800") is False
    assert elsewhere.asked == []

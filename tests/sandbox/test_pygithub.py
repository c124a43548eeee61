"""A client that others wrote works against the stand-in as against GitHub."""

import github
import pytest

from bigcode_optout.sandbox import RunningSandbox


def connect(sandbox: RunningSandbox, token: str | None = None) -> github.Github:
    auth = github.Auth.Token(token) if token else None
    return github.Github(base_url=f"{sandbox.url}/api/v3", auth=auth, retry=None, seconds_between_requests=0)


@pytest.fixture
def hale(sandbox: RunningSandbox) -> github.Github:
    return connect(sandbox, sandbox.world.issue_token("hale-ostrander", "read:org").value)


def test_it_signs_in_with_the_older_token_scheme(hale: github.Github) -> None:
    user = hale.get_user()
    assert (user.login, user.id) == ("hale-ostrander", 7340215)


def test_it_follows_a_renamed_owner_to_the_repository(hale: github.Github) -> None:
    repository = hale.get_repo("fennwick/drystone")
    assert repository.full_name == "brindle-fenn/drystone-walls"
    assert repository.owner.id == 1698341


def test_it_finds_a_repository_by_its_number(hale: github.Github) -> None:
    assert hale.get_repo(4117902).full_name == "brindle-fenn/peat-cutter"


def test_it_reads_the_membership_of_an_organisation(hale: github.Github) -> None:
    membership = hale.get_user().get_organization_membership("norrvik-instruments")
    assert (membership.role, membership.state) == ("admin", "active")
    assert [row.login for row in hale.get_user().get_orgs()] == ["norrvik-instruments", "low-tide-club"]


def test_it_pages_through_a_long_list(sandbox: RunningSandbox, hale: github.Github) -> None:
    for number in range(75):
        sandbox.world.add_repository(f"pemberly-quiet/draft-{number}", id=990_000_000 + number)
    names = [row.name for row in hale.get_user("pemberly-quiet").get_repos()]
    assert len(names) == len(set(names)) == 76


def test_it_reads_a_file(sandbox: RunningSandbox, hale: github.Github) -> None:
    sandbox.world.write_file("norrvik-instruments/docs", "bigcode-optout.txt", b"code: KELP\n")
    content = hale.get_repo("norrvik-instruments/docs").get_contents("bigcode-optout.txt")
    assert not isinstance(content, list)
    assert content.decoded_content == b"code: KELP\n"


def test_it_sees_its_permissions(hale: github.Github) -> None:
    assert hale.get_repo("norrvik-instruments/docs").permissions.admin is True
    assert hale.get_repo("quillon-marsh/lull").permissions.admin is False


def test_a_wrong_token_is_bad_credentials(sandbox: RunningSandbox) -> None:
    with pytest.raises(github.BadCredentialsException):
        connect(sandbox, "gho_wrong").get_user().login  # noqa: B018 -- the property asks GitHub


def test_what_is_gone_is_an_unknown_object(hale: github.Github) -> None:
    with pytest.raises(github.UnknownObjectException):
        hale.get_repo("larkspur-dev/canal-maps")


@pytest.mark.parametrize("kind", ["primary_limit", "secondary_limit"])
def test_a_limit_is_told_apart_from_a_refusal(
    sandbox: RunningSandbox, hale: github.Github, kind: str
) -> None:
    sandbox.faults.add("/users/", kind)
    with pytest.raises(github.RateLimitExceededException):
        hale.get_user("quillon-marsh")


def test_its_oauth_helper_gets_a_token_for_a_code(sandbox: RunningSandbox) -> None:
    callback = "http://127.0.0.1:9/back"
    code = sandbox.world.grants.issue_code(
        4117902, "sandbox-client", redirect_uri=callback, scopes=["read:org"]
    )
    app = connect(sandbox).get_oauth_application("sandbox-client", "sandbox-secret")
    token = app.get_access_token(code)
    assert token.scope == "read:org"
    assert connect(sandbox, token.token).get_user().login == "quillon-marsh"
    with pytest.raises(github.BadCredentialsException):
        app.get_access_token(code)


def test_its_oauth_helper_shows_an_error_that_came_with_status_200(sandbox: RunningSandbox) -> None:
    app = connect(sandbox).get_oauth_application("sandbox-client", "wrong")
    with pytest.raises(github.GithubException) as caught:
        app.get_access_token("anything")
    assert caught.value.status == 200

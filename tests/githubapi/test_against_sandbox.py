"""The client against the GitHub stand-in, whose answers validate against GitHub's own description."""

from collections.abc import Callable, Iterator

import pytest

from bigcode_optout.githubapi import (
    BadAnswer,
    BadCredentials,
    Deadline,
    Forbidden,
    GitHubClient,
    GitHubError,
    MemberCount,
    NotFound,
    RateLimited,
    Unavailable,
)
from bigcode_optout.sandbox import RunningSandbox, start


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    running = start()
    yield running
    running.stop()


@pytest.fixture
def client(sandbox: RunningSandbox, connect: Callable[..., GitHubClient]) -> GitHubClient:
    return connect(sandbox.url, client_id="sandbox-client", client_secret="sandbox-secret")


def token_of(sandbox: RunningSandbox, login: str, scopes: str = "") -> str:
    return sandbox.world.issue_token(login, scopes).value


def test_a_person_is_known_by_number_and_by_what_was_granted(
    sandbox: RunningSandbox, client: GitHubClient
) -> None:
    plain = client.viewer(token_of(sandbox, "quillon-marsh"), Deadline(3))
    granted = client.viewer(token_of(sandbox, "hale-ostrander", "read:org"), Deadline(3))

    assert (plain.account.id, plain.account.login, plain.account.kind) == (4117902, "quillon-marsh", "User")
    assert plain.account.created_at.isoformat() == "2013-03-14T08:09:23+00:00"
    assert plain.granted_scopes == frozenset()
    assert granted.granted_scopes == {"read:org"}


def test_an_account_is_found_by_login_in_any_letter_case_and_by_number(client: GitHubClient) -> None:
    assert client.account("QUILLON-Marsh").login == "quillon-marsh"
    assert client.account("norrvik-instruments").kind == "Organization"
    assert client.account_by_id(1698341).login == "brindle-fenn"
    for ask in (lambda: client.account("fennwick"), lambda: client.account_by_id(1)):
        with pytest.raises(NotFound):
            ask()


def test_an_organisation_has_a_profile_and_a_user_has_none(
    sandbox: RunningSandbox, client: GitHubClient
) -> None:
    sandbox.world.edit_profile("norrvik-instruments", location="code 7KQ2")

    organisation = client.organisation("norrvik-instruments")

    assert (organisation.id, organisation.location) == (8125530, "code 7KQ2")
    with pytest.raises(NotFound):
        client.organisation("quillon-marsh")


@pytest.mark.parametrize(
    ("login", "owns"), [("hale-ostrander", True), ("ottilie-grange", False), ("wren-abernathy", False)]
)
def test_an_owner_an_invited_owner_and_a_member(
    login: str, owns: bool, sandbox: RunningSandbox, client: GitHubClient
) -> None:
    token = token_of(sandbox, login, "read:org")

    membership = client.membership(token, "Norrvik-Instruments", Deadline(3))

    assert membership.organisation_id == 8125530
    assert membership.is_owner is owns
    assert membership.user_id == client.account(login).id


def test_without_the_scope_or_the_membership_nothing_is_found(
    sandbox: RunningSandbox, client: GitHubClient
) -> None:
    for login, scopes in (("hale-ostrander", ""), ("pemberly-quiet", "read:org")):
        with pytest.raises(NotFound):
            client.membership(token_of(sandbox, login, scopes), "norrvik-instruments", Deadline(3))


def test_a_maintainer_administers_one_repository_and_a_member_none(
    sandbox: RunningSandbox, client: GitHubClient
) -> None:
    name = "norrvik-instruments/field-recorder-firmware"

    maintained = client.repository(name, token_of(sandbox, "odalys-brook"), Deadline(3))
    seen = client.repository(name, token_of(sandbox, "pemberly-quiet"), Deadline(3))

    assert maintained.may_administer is True
    assert seen.may_administer is False
    assert client.repository(name).may_administer is None
    assert (maintained.owner_id, maintained.owner_kind) == (8125530, "Organization")


def test_a_former_name_leads_to_the_repository_of_the_renamed_owner(client: GitHubClient) -> None:
    repository = client.repository("fennwick/drystone")

    assert repository.redirected
    assert repository.full_name == "brindle-fenn/drystone-walls"
    assert client.repository_by_id(repository.id).owner_id == 1698341
    assert not client.repository("brindle-fenn/drystone-walls").redirected


def test_a_name_that_somebody_took_leads_to_their_repository(
    sandbox: RunningSandbox, client: GitHubClient
) -> None:
    sandbox.world.add_account("fennwick", id=900001)
    sandbox.world.add_repository("fennwick/drystone", id=900002)

    repository = client.repository("fennwick/drystone")

    assert (repository.id, repository.owner_id, repository.redirected) == (900002, 900001, False)


def test_a_fork_names_its_parent_only_when_asked_for_itself(client: GitHubClient) -> None:
    listed = {repository.full_name: repository for repository in client.owner_repositories("quillon-marsh")}

    assert listed["quillon-marsh/parquetry"].is_fork
    assert listed["quillon-marsh/parquetry"].parent_full_name is None
    assert client.repository("quillon-marsh/parquetry").parent_full_name == "stonefruit-labs/parquetry"
    assert not listed["quillon-marsh/tidewatch"].is_fork


@pytest.mark.parametrize(
    ("login", "kind"), [("quillon-marsh", "User"), ("norrvik-instruments", "Organization")]
)
def test_all_repositories_of_an_owner_come_over_several_pages(
    login: str, kind: str, sandbox: RunningSandbox, client: GitHubClient
) -> None:
    for number in range(230):
        sandbox.world.add_repository(f"{login}/grown-{number}", id=700_000_000 + number)
    account = client.account(login)
    expected = {repository.id for repository in sandbox.world.repositories_of(account.id)}

    repositories = list(client.owner_repositories(login, kind=kind))  # type: ignore[arg-type]

    assert len(repositories) == len(expected) > 230
    assert {repository.id for repository in repositories} == expected
    assert {repository.owner_id for repository in repositories} == {account.id}


def test_an_owner_without_repositories_has_none_and_no_owner_is_not_found(
    sandbox: RunningSandbox, client: GitHubClient
) -> None:
    sandbox.world.add_account("new-here", id=900001)

    assert list(client.owner_repositories("new-here")) == []
    with pytest.raises(NotFound):
        list(client.owner_repositories("never-here"))


def test_a_proof_file_is_read_also_under_a_former_name(sandbox: RunningSandbox, client: GitHubClient) -> None:
    sandbox.world.write_file("brindle-fenn/lichen", "docs/bigcode-optout.txt", b"code 7KQ2\n")

    assert client.file_content("brindle-fenn/lichen", "docs/bigcode-optout.txt") == b"code 7KQ2\n"
    assert client.file_content("fennwick/lichen", "docs/bigcode-optout.txt") == b"code 7KQ2\n"
    for path in ("docs", "absent.txt"):
        with pytest.raises(NotFound):
            client.file_content("brindle-fenn/lichen", path)
    with pytest.raises(BadAnswer):
        client.file_content("brindle-fenn/lichen", "docs/bigcode-optout.txt", max_bytes=9)


def test_a_revoked_token_is_void_and_the_others_are_not(
    sandbox: RunningSandbox, client: GitHubClient
) -> None:
    first, second = (token_of(sandbox, "quillon-marsh") for _ in range(2))

    assert client.revoke_token(first)
    with pytest.raises(BadCredentials):
        client.viewer(first)
    assert client.viewer(second).account.login == "quillon-marsh"
    assert client.revoke_token(first)


def test_a_revoked_grant_takes_every_token_with_it(sandbox: RunningSandbox, client: GitHubClient) -> None:
    first, second = (token_of(sandbox, "quillon-marsh", "read:org") for _ in range(2))

    assert client.revoke_grant(first)
    for token in (first, second):
        with pytest.raises(BadCredentials):
            client.viewer(token)


def test_calls_without_a_token_use_the_apps_allowance(
    sandbox: RunningSandbox, client: GitHubClient, connect: Callable[..., GitHubClient]
) -> None:
    client.account("quillon-marsh")
    connect(sandbox.url, client_secret="").account("quillon-marsh")

    assert sorted(allowance.limit for allowance in sandbox.limits.allowances.values()) == [60, 5000]


def test_a_used_up_hour_says_when_it_ends(
    sandbox: RunningSandbox, connect: Callable[..., GitHubClient]
) -> None:
    client = connect(sandbox.url, client_secret="")
    client.account("quillon-marsh")
    (allowance,) = sandbox.limits.allowances.values()
    allowance.used = allowance.limit

    with pytest.raises(RateLimited) as caught:
        client.account("quillon-marsh")

    assert not caught.value.is_secondary
    assert abs(caught.value.retry_at.timestamp() - allowance.reset) < 1


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("primary_limit", RateLimited),
        ("secondary_limit", RateLimited),
        ("server_error", Unavailable),
        ("timeout", Unavailable),
        ("not_json", BadAnswer),
        ("cut_body", Unavailable),
        ("unauthorized", BadCredentials),
        ("forbidden_policy", Forbidden),
        ("not_found", NotFound),
        ("redirect_elsewhere", BadAnswer),
    ],
)
def test_each_fault_of_the_stand_in_is_one_error_and_then_it_works_again(
    kind: str, expected: type[GitHubError], sandbox: RunningSandbox, client: GitHubClient
) -> None:
    token = token_of(sandbox, "hale-ostrander", "read:org")
    sandbox.faults.add("/user/memberships/", kind, seconds=3)

    with pytest.raises(expected) as caught:
        client.membership(token, "norrvik-instruments", Deadline(0.5))

    if isinstance(caught.value, RateLimited):
        assert caught.value.is_secondary is (kind == "secondary_limit")
    if isinstance(caught.value, Forbidden):
        assert caught.value.reason == "policy"
    assert client.membership(token, "norrvik-instruments", Deadline(3)).is_owner


def test_members_are_counted_by_one_of_them_or_in_public(
    sandbox: RunningSandbox, client: GitHubClient
) -> None:
    owner = token_of(sandbox, "idris-calloway", "read:org")
    stranger = token_of(sandbox, "odalys-brook", "read:org")

    assert client.count_members("openlanternfish", enough=1000, token=owner) == MemberCount(
        240, is_whole=True
    )
    assert client.count_members("openlanternfish", enough=1000) == MemberCount(2, is_whole=False)
    assert client.count_members("openlanternfish", enough=1000, token=stranger) == MemberCount(
        2, is_whole=False
    )
    asked = len(sandbox.requests.rows())
    assert client.count_members("openlanternfish", enough=50, token=owner) == MemberCount(100, is_whole=True)
    assert len(sandbox.requests.rows()) == asked + 1
    with pytest.raises(NotFound):
        client.count_members("quillon-marsh", enough=50)


def test_members_that_are_no_list_of_accounts_count_for_nothing(
    sandbox: RunningSandbox, client: GitHubClient
) -> None:
    sandbox.faults.add("/public_members", "wrong_shape")
    with pytest.raises(BadAnswer):
        client.count_members("openlanternfish", enough=50)

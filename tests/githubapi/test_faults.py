"""Each fault of GitHub is one of a few errors, comes in time, and repeats no secret."""

import logging
import time
import traceback
from collections.abc import Callable

import pytest

from bigcode_optout.githubapi import (
    BadAnswer,
    BadCredentials,
    Deadline,
    GitHubClient,
    GitHubError,
    NotFound,
    Unavailable,
)

from .bodies import membership_body, repository_body, user_body
from .faults import CANARY, FAULTS
from .scripted_github import Action, ScriptedGitHub, answer, drip, redirect

ASKING: dict[str, Callable[[GitHubClient], object]] = {
    "viewer": lambda client: client.viewer(CANARY, Deadline(0.6)),
    "membership": lambda client: client.membership(CANARY, "norrvik-instruments", Deadline(0.6)),
    "repository": lambda client: client.repository("quillon-marsh/tidepool", CANARY, Deadline(0.6)),
    "account": lambda client: client.account("quillon-marsh", Deadline(0.6)),
    "list": lambda client: list(client.owner_repositories("quillon-marsh", deadline=Deadline(0.6))),
}
ONE_OF_EACH_SORT = [
    "cut body",
    "not JSON",
    "307 to another host",
    "401",
    "403 policy",
    "429 secondary",
    "404",
    "503",
]
SECRETS = (CANARY, "secret-of-the-desk", "SXYxLmRlc2s6")


def everything_said(err: BaseException, caplog: pytest.LogCaptureFixture) -> str:
    """All that an error's text or a log could show."""
    sentence = err.sentence if isinstance(err, GitHubError) else ""
    said = [repr(err), str(err), sentence, repr(vars(err)), repr(err.args)]
    said += traceback.format_exception(err)
    said += [record.getMessage() + repr(record.args) + str(record.exc_text) for record in caplog.records]
    return "\n".join([*said, caplog.text])


def assert_nothing_is_told(err: BaseException, caplog: pytest.LogCaptureFixture) -> None:
    assert err.__context__ is None
    assert err.__cause__ is None
    said = everything_said(err, caplog)
    for secret in SECRETS:
        assert secret not in said


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_error_in_time_and_tells_no_secret(
    fault: str,
    github: ScriptedGitHub,
    elsewhere: ScriptedGitHub,
    client: GitHubClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    action, expected = FAULTS[fault]
    github.routes["*"] = action(github, elsewhere)
    started = time.monotonic()

    with pytest.raises(GitHubError) as caught:
        client.viewer(CANARY, Deadline(0.6))

    assert time.monotonic() - started < 1.5
    assert type(caught.value) is expected
    assert caught.value.sentence.endswith(".")
    assert_nothing_is_told(caught.value, caplog)
    assert elsewhere.asked == []
    assert len(github.asked) == (4 if fault == "redirect to itself" else 1)


@pytest.mark.parametrize("asking", ASKING)
@pytest.mark.parametrize("fault", ONE_OF_EACH_SORT)
def test_every_call_fails_the_same_way(
    fault: str,
    asking: str,
    github: ScriptedGitHub,
    elsewhere: ScriptedGitHub,
    client: GitHubClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    action, expected = FAULTS[fault]
    github.routes["*"] = action(github, elsewhere)

    with pytest.raises(expected) as caught:
        ASKING[asking](client)

    assert_nothing_is_told(caught.value, caplog)
    assert elsewhere.asked == []


@pytest.mark.parametrize("asking", ["viewer", "membership", "repository"])
@pytest.mark.parametrize(
    "action", [answer({}, 401), answer({}, 503), answer([]), redirect("http://localhost/")]
)
def test_the_local_variables_of_an_error_report_show_no_token_either(
    action: Action, asking: str, github: ScriptedGitHub, client: GitHubClient
) -> None:
    github.routes["*"] = action

    with pytest.raises(GitHubError) as caught:
        ASKING[asking](client)

    stack = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
    ours = [frame for frame in stack if "/bigcode_optout/githubapi/" in frame.filename]
    assert ours
    for frame in ours:
        assert CANARY not in repr(frame.locals)


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_no_fault_makes_revoking_raise_or_tell(
    fault: str,
    github: ScriptedGitHub,
    elsewhere: ScriptedGitHub,
    client: GitHubClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    action, _ = FAULTS[fault]
    github.routes["*"] = action(github, elsewhere)

    done = client.revoke_token(CANARY, Deadline(0.3))

    assert done is (fault in {"no content", "404", "422"})
    assert elsewhere.asked == []
    for secret in SECRETS:
        assert secret not in caplog.text


def test_a_server_that_is_not_there_is_unavailable(
    connect: Callable[..., GitHubClient], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    gone = ScriptedGitHub()
    gone.stop()

    with pytest.raises(Unavailable) as caught:
        connect(gone.url).viewer(CANARY)
    assert_nothing_is_told(caught.value, caplog)


@pytest.mark.parametrize("token", ["", f"{CANARY}\n", f"{CANARY}\r\nX-Evil: 1", f"{CANARY} x", f"{CANARY}é"])
def test_what_cannot_be_a_token_is_never_sent(
    token: str, github: ScriptedGitHub, client: GitHubClient, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(BadCredentials) as caught:
        client.viewer(token)
    assert CANARY not in repr(caught.value) + str(caught.value) + caplog.text
    assert github.asked == []


def test_a_refused_client_secret_is_our_fault_not_the_persons(
    github: ScriptedGitHub, client: GitHubClient
) -> None:
    github.routes["*"] = answer({"message": "Bad credentials"}, 401)

    with pytest.raises(BadCredentials) as ours:
        client.account("quillon-marsh")
    with pytest.raises(BadCredentials) as theirs:
        client.viewer("gho_abc")

    assert ours.value.is_ours
    assert not theirs.value.is_ours
    assert ours.value.sentence != theirs.value.sentence


def test_a_client_shows_no_secret(client: GitHubClient) -> None:
    assert "secret-of-the-desk" not in repr(client)
    assert "secret-of-the-desk" not in repr(vars(client))


def test_three_redirects_are_followed_and_not_a_fourth(github: ScriptedGitHub, client: GitHubClient) -> None:
    for step, following in (("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")):
        github.on(f"/repos/x/{step}", redirect(f"/api/v3/repos/x/{following}", 307))
    github.on("/repos/x/e", answer(repository_body()))

    assert client.repository("x/b").redirected
    assert len(github.asked) == 4
    with pytest.raises(BadAnswer):
        client.repository("x/a")
    assert len(github.asked) == 8


@pytest.mark.parametrize(
    "links",
    [
        '<{elsewhere}/api/v3/users/quillon-marsh/repos?page=2>; rel="next"',
        '<{github}/api/v3/users/quillon-marsh/repos?type=owner&per_page=100>; rel="next"',
        '<>; rel="next"',
    ],
)
def test_a_next_page_elsewhere_or_in_a_circle_is_not_followed(
    links: str, github: ScriptedGitHub, elsewhere: ScriptedGitHub, client: GitHubClient
) -> None:
    link = links.format(github=github.url, elsewhere=elsewhere.url)
    github.on("/users/quillon-marsh/repos", answer([], link=link))

    with pytest.raises(BadAnswer):
        list(client.owner_repositories("quillon-marsh"))
    assert elsewhere.asked == []
    assert len(github.asked) == 1


@pytest.mark.parametrize("body", [{}, None, [None], [repository_body(id=True)]])
def test_a_page_that_is_no_list_of_repositories_is_no_answer(
    body: object, github: ScriptedGitHub, client: GitHubClient
) -> None:
    github.on("/users/quillon-marsh/repos", answer(body))

    with pytest.raises(BadAnswer):
        list(client.owner_repositories("quillon-marsh"))


def test_a_list_may_be_larger_than_one_object(github: ScriptedGitHub, client: GitHubClient) -> None:
    repositories = [repository_body(id=number, description="x" * 15_000) for number in range(1, 101)]
    github.on("/users/quillon-marsh/repos", answer(repositories))

    assert len(list(client.owner_repositories("quillon-marsh"))) == 100


def test_a_page_larger_than_a_page_can_be_is_no_answer(github: ScriptedGitHub, client: GitHubClient) -> None:
    github.on("/users/quillon-marsh/repos", answer(b"[]" + b" " * 5_000_000))

    with pytest.raises(BadAnswer):
        list(client.owner_repositories("quillon-marsh"))


def test_no_time_left_means_nothing_is_sent(github: ScriptedGitHub, client: GitHubClient) -> None:
    with pytest.raises(Unavailable):
        client.viewer("gho_abc", Deadline(0))
    assert github.asked == []


def test_one_deadline_holds_for_several_calls(
    github: ScriptedGitHub, connect: Callable[..., GitHubClient]
) -> None:
    client = connect(github.url, read_timeout=5.0)
    github.on("/user", answer(user_body()))
    github.on("/user/memberships/orgs/norrvik-instruments", drip(b""))
    deadline = Deadline(0.5)
    started = time.monotonic()

    client.viewer("gho_abc", deadline)
    with pytest.raises(Unavailable):
        client.membership("gho_abc", "norrvik-instruments", deadline)
    with pytest.raises(Unavailable):
        client.membership("gho_abc", "norrvik-instruments", deadline)

    assert time.monotonic() - started < 1.0
    assert len(github.asked) == 2


def test_the_client_goes_on_after_a_fault(github: ScriptedGitHub, client: GitHubClient) -> None:
    github.on("/user", drip(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"))
    with pytest.raises(Unavailable):
        client.viewer("gho_abc", Deadline(0.2))
    github.on("/user", answer(user_body()))
    github.on("/user/memberships/orgs/norrvik-instruments", answer(membership_body()))

    assert client.viewer("gho_abc", Deadline(2)).account.id == 101
    assert client.membership("gho_abc", "norrvik-instruments", Deadline(2)).is_owner


def test_no_cookie_is_kept(github: ScriptedGitHub, client: GitHubClient) -> None:
    github.on("/user", answer(user_body(), set_cookie="session=of-somebody; Path=/"))

    client.viewer("gho_abc")
    client.viewer("gho_other")

    assert "Cookie" not in github.asked[1].headers


def test_what_went_wrong_is_logged_in_a_word_and_absence_is_not(
    github: ScriptedGitHub, client: GitHubClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    github.on("/users/quillon-marsh", answer({}, 503))
    with pytest.raises(Unavailable):
        client.account("quillon-marsh")
    with pytest.raises(NotFound):
        client.account("nobody-here")

    assert [record.getMessage() for record in caplog.records] == [
        "GitHub call failed: operation=account code=unavailable detail=status 503"
    ]

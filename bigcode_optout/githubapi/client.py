"""What the other rooms ask of GitHub, one method each."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TypeVar, assert_never
from urllib.parse import quote

from bigcode_optout.githubapi import fields
from bigcode_optout.githubapi.answers import (
    Account,
    MemberCount,
    Membership,
    Organisation,
    OwnerKind,
    Repository,
    Viewer,
)
from bigcode_optout.githubapi.budgets import Budget, NoBudget
from bigcode_optout.githubapi.credentials import Credentials
from bigcode_optout.githubapi.deadlines import Deadline
from bigcode_optout.githubapi.errors import BadAnswer
from bigcode_optout.githubapi.exchanges import Exchanges
from bigcode_optout.githubapi.files import file_bytes
from bigcode_optout.githubapi.kept_answers import AnswerStore, NoStore
from bigcode_optout.githubapi.own_calls import OwnCalls
from bigcode_optout.githubapi.paths import (
    GITHUB_URL,
    api_url,
    checked_web_url,
    file_part,
    owner_part,
    repository_part,
)
from bigcode_optout.githubapi.rest import RestCaller
from bigcode_optout.githubapi.revocation import revoke
from bigcode_optout.githubapi.transport import Transport

BACKGROUND_SECONDS = 20.0
REVOKE_SECONDS = 5.0
PROOF_FILE_BYTES = 65_536
T = TypeVar("T")


def _utc_now() -> datetime:
    return datetime.now(UTC)


class GitHubClient:
    """A client of GitHub's REST API; safe to share between threads.

    Every method may raise NotFound, BadCredentials, Forbidden, RateLimited, Unavailable or BadAnswer, all
    of them GitHubError; nothing is retried here. Without a `deadline` a call (of a list: each page) has
    20 seconds in all. Methods that take no token ask as the OAuth app where id and secret are configured
    (5,000 public reads an hour), else as nobody (60). A name that GitHub cannot have raises NotFound
    without asking. What is asked without a person's token is taken from `budget`, and asked again by ETag where
    `store` has the last answer; `salt` is secret, and the same in all processes that share the store.
    """

    def __init__(
        self,
        web_url: str = GITHUB_URL,
        *,
        client_id: str,
        client_secret: str,
        user_agent: str,
        connect_timeout: float = 2.0,
        read_timeout: float = 5.0,
        clock: Callable[[], datetime] = _utc_now,
        budget: Budget | None = None,
        store: AnswerStore | None = None,
        salt: bytes = b"",
    ) -> None:
        self.web_url = checked_web_url(web_url)
        self.api_url = api_url(self.web_url)
        self._client_id = client_id
        self._app = Credentials.of_app(client_id, client_secret)
        transport = Transport(
            user_agent=user_agent, connect_timeout=connect_timeout, read_timeout=read_timeout
        )
        exchanges = Exchanges(transport)
        own_calls = OwnCalls(exchanges, budget=budget or NoBudget(), store=store or NoStore(), salt=salt)
        self._rest = RestCaller(exchanges, own_calls, api_url=self.api_url, clock=clock)

    def __repr__(self) -> str:
        return f"GitHubClient({self.web_url!r})"

    @property
    def authorize_url(self) -> str:
        """Where the browser is sent to sign in."""
        return f"{self.web_url}/login/oauth/authorize"

    @property
    def access_token_url(self) -> str:
        """Where a code is exchanged for a token."""
        return f"{self.web_url}/login/oauth/access_token"

    def viewer(self, token: str, deadline: Deadline | None = None) -> Viewer:
        """Whose token this is: `GET /user`."""
        credentials = Credentials.of_person(token)
        # An error report shows the local variables of each frame an error came through; here and below.
        del token
        return self._rest.get(
            "viewer",
            "/user",
            lambda answer: Viewer.from_answer(answer.body, answer.exchange.headers.get("x-oauth-scopes", "")),
            credentials=credentials,
            deadline=_or_default(deadline),
        )

    def account(self, login: str, deadline: Deadline | None = None) -> Account:
        """The account that has this login now; after a rename that may be somebody else's."""
        return self._public("account", f"/users/{owner_part(login)}", Account.from_answer, deadline)

    def account_by_id(self, account_id: int, deadline: Deadline | None = None) -> Account:
        """The account with this number, whatever it is called now."""
        path = f"/user/{account_id:d}"
        account = self._public("account_by_id", path, Account.from_answer, deadline)
        if account.id != account_id:
            raise BadAnswer("id")
        return account

    def organisation(self, login: str, deadline: Deadline | None = None) -> Organisation:
        """The public profile of an organisation; NotFound also if the login is a user's."""
        return self._public("organisation", f"/orgs/{owner_part(login)}", Organisation.from_answer, deadline)

    def membership(self, token: str, organisation_login: str, deadline: Deadline | None = None) -> Membership:
        """The role of the token's user; NotFound if there is none or the scope `read:org` is missing."""
        credentials = Credentials.of_person(token)
        del token
        return self._rest.get(
            "membership",
            f"/user/memberships/orgs/{owner_part(organisation_login)}",
            lambda answer: Membership.from_answer(answer.body),
            credentials=credentials,
            deadline=_or_default(deadline),
        )

    def repository(
        self, full_name: str, token: str | None = None, deadline: Deadline | None = None
    ) -> Repository:
        """The repository under a present or former name; with a token, also what its user may do there."""
        credentials = self._app if token is None else Credentials.of_person(token)
        del token
        return self._rest.get(
            "repository",
            f"/repos/{repository_part(full_name)}",
            lambda answer: Repository.from_answer(
                answer.body, asked_by_person=credentials.is_person, redirected=answer.redirected
            ),
            credentials=credentials,
            deadline=_or_default(deadline),
        )

    def repository_by_id(self, repository_id: int, deadline: Deadline | None = None) -> Repository:
        """The repository with this number (`GET /repositories/{id}`, documented in redirects only)."""
        path = f"/repositories/{repository_id:d}"
        repository = self._public("repository_by_id", path, Repository.from_answer, deadline)
        if repository.id != repository_id:
            raise BadAnswer("id")
        return repository

    def owner_repositories(
        self, login: str, *, kind: OwnerKind = "User", deadline: Deadline | None = None
    ) -> Iterator[Repository]:
        """The public repositories of an owner, page by page; an error may come between two of them.

        TooManyPages after 10,000 repositories.
        """
        match kind:
            case "User":
                path = f"/users/{owner_part(login)}/repos?type=owner&per_page=100"
            case "Organization":
                path = f"/orgs/{owner_part(login)}/repos?type=public&per_page=100"
            case _:
                assert_never(kind)
        pages = self._rest.pages(
            "owner_repositories",
            path,
            Repository.from_answer,
            credentials=self._app,
            deadline_for_page=lambda: _or_default(deadline),
        )
        return (repository for page in pages for repository in page.items)

    def count_members(
        self,
        organisation_login: str,
        *,
        enough: int,
        token: str | None = None,
        deadline: Deadline | None = None,
    ) -> MemberCount:
        """How many members the organisation has: all that a member's token is shown, else those who show it in public.

        Reads no further than the page with the member number `enough`. Nobody's name or number is kept.
        """
        path = (
            f"/orgs/{owner_part(organisation_login)}/{'members' if token else 'public_members'}?per_page=100"
        )
        credentials = self._app if token is None else Credentials.of_person(token)
        del token
        pages = self._rest.pages(
            "count_members",
            path,
            lambda body: fields.identifier(fields.mapping(body, "member"), "id"),
            credentials=credentials,
            deadline_for_page=lambda: _or_default(deadline),
        )
        found: set[int] = set()
        is_whole = credentials.is_person
        for page in pages:
            found.update(page.items)
            # Whoever is no member is led to the public ones.
            is_whole = is_whole and not page.redirected
            if len(found) >= enough:
                break
        return MemberCount(len(found), is_whole)

    def file_content(
        self,
        full_name: str,
        path: str,
        *,
        max_bytes: int = PROOF_FILE_BYTES,
        deadline: Deadline | None = None,
    ) -> bytes:
        """A file on the default branch; BadAnswer if larger than `max_bytes`.

        `path` has slashes between its parts. Take the owner from `repository`, not from the name: former
        names are followed here as well.
        """
        url = f"/repos/{repository_part(full_name)}/contents/{file_part(path)}"
        return self._public("file_content", url, lambda body: file_bytes(body, max_bytes), deadline)

    def revoke_token(self, token: str, deadline: Deadline | None = None) -> bool:
        """Make this one token void. True when it is void now, also if it was before; never raises."""
        return self._revoke("token", token, deadline)

    def revoke_grant(self, token: str, deadline: Deadline | None = None) -> bool:
        """Withdraw the person's whole authorisation of this app, with all its tokens; else as above."""
        return self._revoke("grant", token, deadline)

    def _revoke(self, what: str, token: str, deadline: Deadline | None) -> bool:
        if not self._app.is_app:
            return False
        return revoke(
            self._rest,
            f"/applications/{quote(self._client_id, safe='')}/{what}",
            token=token,
            credentials=self._app,
            deadline=_or_default(deadline, REVOKE_SECONDS),
        )

    def _public(self, operation: str, path: str, read: Callable[[object], T], deadline: Deadline | None) -> T:
        return self._rest.get(
            operation,
            path,
            lambda answer: read(answer.body),
            credentials=self._app,
            deadline=_or_default(deadline),
        )


def _or_default(deadline: Deadline | None, seconds: float | None = None) -> Deadline:
    return deadline or Deadline(seconds or BACKGROUND_SECONDS)

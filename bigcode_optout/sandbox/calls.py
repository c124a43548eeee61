"""What a handler of the REST API gets to work with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .callers import Caller
from .limits import RateLimits
from .messages import Refused, Request, Response
from .paging import page_of
from .records import Account, Repository
from .world import World

API_PREFIX = "/api/v3"


@dataclass(frozen=True)
class Call:
    """One call of the API: ``arguments`` are the decoded parts of its path."""

    request: Request
    world: World
    caller: Caller
    limits: RateLimits
    arguments: Mapping[str, str]

    @property
    def base_url(self) -> str:
        """The stand-in's address as the caller wrote it; links lead there."""
        return self.request.base_url

    def account(self, name: str = "username") -> Account:
        """The account that the path names by login; raises Refused (404)."""
        return _present(self.world.account(self.arguments[name]))

    def account_by_id(self) -> Account:
        """The account that the path names by number; raises Refused (404)."""
        return _present(self.world.accounts.get(_number(self.arguments["account_id"])))

    def organisation(self) -> Account:
        """The organisation that the path names; raises Refused (404), also for a person's login."""
        account = self.account("org")
        if account.type != "Organization":
            raise Refused(404, "Not Found")
        return account

    def repository(self) -> Repository:
        """The repository that the path names; raises Refused: 301 for a former name, else 404."""
        if "repository_id" in self.arguments:
            found = self.world.repositories.get(_number(self.arguments["repository_id"]))
            return self._visible(found)
        full_name = f"{self.arguments['owner']}/{self.arguments['repo']}"
        current = self.world.repository(full_name)
        if current is not None:
            return self._visible(current)
        raise self._moved(self._visible(self.world.moved_to(full_name)))

    def is_visible(self, repository: Repository) -> bool:
        """Private repositories need a token with ``repo`` of somebody who may read them."""
        if not repository.private:
            return True
        account = self.caller.account
        allowed = account is not None and self.world.permission(repository, account.id) != "none"
        return allowed and self.caller.has_scope("repo")

    def page_of(self, bodies: Sequence[Any]) -> Response:
        """The page of ``bodies`` that the query asks for."""
        return page_of(self.request, bodies)

    def _visible(self, repository: Repository | None) -> Repository:
        if repository is None or not self.is_visible(repository):
            raise Refused(404, "Not Found")
        return repository

    def _moved(self, repository: Repository) -> Refused:
        rest = "/".join(self.request.path.removeprefix(API_PREFIX).split("/")[4:])
        url = f"{self.base_url}{API_PREFIX}/repositories/{repository.id}{'/' if rest else ''}{rest}"
        status = 301 if self.request.method in ("GET", "HEAD") else 307
        documentation = "https://docs.github.com/v3/#http-redirects"
        moved = Refused(status, "Moved Permanently", url=url, documentation_url=documentation)
        moved.response.headers["location"] = url
        return moved


def _present(account: Account | None) -> Account:
    if account is None:
        raise Refused(404, "Not Found")
    return account


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0

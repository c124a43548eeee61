"""Asking GitHub's REST API: redirects by hand, pages, errors. Every call passes through here.

What the site asks in its own name goes through `own_calls` (shared budget, ETags); a person's token does not.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from bigcode_optout.githubapi.addresses import next_page_url, same_origin_url
from bigcode_optout.githubapi.credentials import Credentials
from bigcode_optout.githubapi.deadlines import Deadline
from bigcode_optout.githubapi.errors import BadAnswer, GitHubError, NotFound, TooManyPages
from bigcode_optout.githubapi.exchanges import Exchanges, Question
from bigcode_optout.githubapi.fields import parsed_json
from bigcode_optout.githubapi.own_calls import OwnCalls
from bigcode_optout.githubapi.refusals import refusal
from bigcode_optout.githubapi.transport import Exchange

OBJECT_BYTES = 1_000_000
LIST_BYTES = 5_000_000
# A hundred repositories each. More are read of nobody: it would take minutes, and the hour of everybody else.
MOST_PAGES = 100
_REDIRECTS = (301, 302, 307, 308)
_MOST_REDIRECTS = 3

logger = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class RestAnswer:
    """A parsed body and where it came from."""

    body: object = field(repr=False)
    exchange: Exchange = field(repr=False)
    url: str
    redirected: bool


@dataclass(frozen=True)
class Page(Generic[T]):
    """The items of one page of a list; `redirected`: GitHub led to another list than the one asked for."""

    items: list[T] = field(repr=False)
    redirected: bool


class RestCaller:
    """Asks under one API root. `clock` gives the aware time from which waits are counted."""

    def __init__(
        self, exchanges: Exchanges, own_calls: OwnCalls, *, api_url: str, clock: Callable[[], datetime]
    ) -> None:
        self._exchanges = exchanges
        self._own_calls = own_calls
        self._api_url = api_url
        self._clock = clock

    def get(
        self,
        operation: str,
        path: str,
        read: Callable[[RestAnswer], T],
        *,
        credentials: Credentials,
        deadline: Deadline,
    ) -> T:
        """GET a path below the API root; up to 3 redirects are followed on the same scheme, host and port.

        `read` makes a value of the answer. Raises GitHubError. `operation` is the word for logs and for what is kept.
        """
        question = Question(operation, self._api_url + path, credentials, deadline, OBJECT_BYTES)
        try:
            return self._read(question, read)[0]
        except GitHubError as err:
            _log(operation, err)
            raise

    def pages(
        self,
        operation: str,
        path: str,
        read: Callable[[object], T],
        *,
        credentials: Credentials,
        deadline_for_page: Callable[[], Deadline],
    ) -> Iterator[Page[T]]:
        """Yield the pages of a list, each item as `read` makes it; `deadline_for_page` is asked before each.

        Raises GitHubError, TooManyPages after the hundredth page that has a next one.
        """
        url: str | None = self._api_url + path
        seen: set[str] = set()
        try:
            while url is not None:
                if url in seen:
                    raise BadAnswer("endless pages")
                if len(seen) >= MOST_PAGES:
                    raise TooManyPages
                seen.add(url)
                question = Question(operation, url, credentials, deadline_for_page(), LIST_BYTES)
                items, answer = self._read(question, lambda answer: [read(item) for item in _items(answer)])
                url = next_page_url(answer.url, answer.exchange.headers)
                yield Page(items, answer.redirected)
        except GitHubError as err:
            _log(operation, err)
            raise

    def delete(self, path: str, *, json: object, credentials: Credentials, deadline: Deadline) -> int:
        """DELETE with a JSON body; returns the status, follows nothing. Raises Unavailable or BadAnswer."""
        question = Question("delete", self._api_url + path, credentials, deadline, OBJECT_BYTES)
        return self._exchanges.delete(question, json).status

    def _read(self, question: Question, read: Callable[[RestAnswer], T]) -> tuple[T, RestAnswer]:
        """Ask, follow, read; what could be read may be kept for the next time."""
        for redirect_count in range(_MOST_REDIRECTS + 1):
            exchange = self._once(question)
            if exchange.status == 200:
                body = parsed_json(exchange.body)
                answer = RestAnswer(body, exchange, question.url, redirected=redirect_count > 0)
                value = read(answer)
                self._own_calls.keep(question, body, exchange)
                return value, answer
            if exchange.status not in _REDIRECTS:
                error = refusal(exchange, question.credentials, self._clock())
                raise self._own_calls.note(question, error)
            url = same_origin_url(question.url, exchange.headers.get("location", ""))
            question = question.at(url)
        raise BadAnswer("too many redirects")

    def _once(self, question: Question) -> Exchange:
        if question.credentials.is_person:
            return self._exchanges.get(question)
        return self._own_calls.get(question)


def _items(answer: RestAnswer) -> list[object]:
    if not isinstance(answer.body, list):
        raise BadAnswer("not a list")
    return answer.body


def _log(operation: str, err: GitHubError) -> None:
    # Not found is an answer, not a fault. Names stay out of the log: the operation says enough.
    if not isinstance(err, NotFound):
        logger.warning("GitHub call failed: operation=%s code=%s detail=%s", operation, err.code, err.detail)

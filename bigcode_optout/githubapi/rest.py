"""Asking GitHub's REST API: headers, redirects by hand, pages, errors. Every call passes through here.

Whatever is to hold for all calls (a budget shared by several workers, conditional requests with an ETag
per token) belongs between `RestCaller._once` and the transport.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bigcode_optout.githubapi.addresses import next_page_url, same_origin_url
from bigcode_optout.githubapi.credentials import Credentials
from bigcode_optout.githubapi.deadlines import Deadline
from bigcode_optout.githubapi.errors import BadAnswer, GitHubError, NotFound
from bigcode_optout.githubapi.fields import parsed_json
from bigcode_optout.githubapi.refusals import refusal
from bigcode_optout.githubapi.transport import Exchange, Transport

API_VERSION = "2022-11-28"
OBJECT_BYTES = 1_000_000
LIST_BYTES = 5_000_000
_REDIRECTS = (301, 302, 307, 308)
_MOST_REDIRECTS = 3
_MOST_PAGES = 10_000

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RestAnswer:
    """A parsed body and where it came from."""

    body: object = field(repr=False)
    exchange: Exchange = field(repr=False)
    url: str
    redirected: bool


class RestCaller:
    """Asks under one API root. `clock` gives the aware time from which waits are counted."""

    def __init__(self, transport: Transport, *, api_url: str, clock: Callable[[], datetime]) -> None:
        self._transport = transport
        self._api_url = api_url
        self._clock = clock

    def get(
        self,
        operation: str,
        path: str,
        *,
        credentials: Credentials,
        deadline: Deadline,
        max_bytes: int = OBJECT_BYTES,
    ) -> RestAnswer:
        """GET a path below the API root; up to 3 redirects are followed on the same scheme, host and port.

        Raises GitHubError. `operation` is the word under which a failure is logged.
        """
        try:
            return self._following(self._api_url + path, credentials, deadline, max_bytes)
        except GitHubError as err:
            _log(operation, err)
            raise

    def pages(
        self,
        operation: str,
        path: str,
        *,
        credentials: Credentials,
        deadline_for_page: Callable[[], Deadline],
    ) -> Iterator[list[object]]:
        """Yield the pages of a list; `deadline_for_page` is asked before each. Raises GitHubError."""
        url: str | None = self._api_url + path
        seen: set[str] = set()
        try:
            while url is not None:
                if url in seen or len(seen) >= _MOST_PAGES:
                    raise BadAnswer("endless pages")
                seen.add(url)
                answer = self._following(url, credentials, deadline_for_page(), LIST_BYTES)
                if not isinstance(answer.body, list):
                    raise BadAnswer("not a list")
                url = next_page_url(answer.url, answer.exchange.headers)
                yield answer.body
        except GitHubError as err:
            _log(operation, err)
            raise

    def delete(self, path: str, *, json: object, credentials: Credentials, deadline: Deadline) -> int:
        """DELETE with a JSON body; returns the status, follows nothing. Raises Unavailable or BadAnswer."""
        return self._once("DELETE", self._api_url + path, credentials, deadline, OBJECT_BYTES, json).status

    def _following(
        self, url: str, credentials: Credentials, deadline: Deadline, max_bytes: int
    ) -> RestAnswer:
        for redirect_count in range(_MOST_REDIRECTS + 1):
            exchange = self._once("GET", url, credentials, deadline, max_bytes)
            if exchange.status == 200:
                return RestAnswer(parsed_json(exchange.body), exchange, url, redirected=redirect_count > 0)
            if exchange.status not in _REDIRECTS:
                raise refusal(exchange, credentials, self._clock())
            url = same_origin_url(url, exchange.headers.get("location", ""))
        raise BadAnswer("too many redirects")

    def _once(
        self,
        method: str,
        url: str,
        credentials: Credentials,
        deadline: Deadline,
        max_bytes: int,
        json: object = None,
    ) -> Exchange:
        return self._transport.exchange(
            method,
            url,
            headers={"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": API_VERSION},
            credentials=credentials,
            deadline=deadline,
            max_bytes=max_bytes,
            json=json,
        )


def _log(operation: str, err: GitHubError) -> None:
    # Not found is an answer, not a fault. Names stay out of the log: the operation says enough.
    if not isinstance(err, NotFound):
        logger.warning("GitHub call failed: operation=%s code=%s detail=%s", operation, err.code, err.detail)

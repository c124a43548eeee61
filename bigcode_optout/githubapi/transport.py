"""One HTTP exchange, bounded in time and size. No redirects, no cookies, no retries."""

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy

import requests
from urllib3.exceptions import DecodeError
from urllib3.exceptions import TimeoutError as PoolTimeoutError

from bigcode_optout.githubapi.credentials import Credentials
from bigcode_optout.githubapi.deadlines import Deadline
from bigcode_optout.githubapi.errors import BadAnswer, GitHubError, Unavailable
from bigcode_optout.githubapi.wire import DeadlineAdapter, reading_until

_CHUNK_BYTES = 16_384
_REFUSAL_BYTES = 65_536


@dataclass(frozen=True)
class Exchange:
    """What came back. `headers` are looked up without regard to case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class _Session(requests.Session):
    """A session that never looks where an answer points to.

    `allow_redirects=False` is not enough: `requests` then still reads the whole body of a redirect to
    prepare the next request, however long that takes.
    """

    def __init__(self, user_agent: str) -> None:
        super().__init__()
        self.headers.update({"User-Agent": user_agent, "Accept-Encoding": "gzip"})
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            self.mount(scheme, DeadlineAdapter())

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class Transport:
    """Sends requests over kept-alive connections, a set of them for each thread of each process."""

    def __init__(self, *, user_agent: str, connect_timeout: float, read_timeout: float) -> None:
        self._user_agent = user_agent
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._local = threading.local()

    def exchange(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        credentials: Credentials,
        deadline: Deadline,
        max_bytes: int,
        json: object = None,
    ) -> Exchange:
        """Ask once. Raises Unavailable (no whole answer before the deadline) or BadAnswer (over `max_bytes`).

        The time-outs are the configured ones or what the deadline leaves, whichever is less. Bodies of
        answers from status 300 on are best effort: the status alone decides there. Two waits are bounded by
        the system's settings only: the look-up of the host's address, and, if it has several, the connection
        time-out holds for each.
        """
        # The error is returned, then raised here: raised inside `except` it would keep the library's
        # exception, and with it the request and its token, in `__context__`.
        outcome = self._try(method, url, headers, credentials, deadline, max_bytes, json)
        if isinstance(outcome, GitHubError):
            raise outcome
        return outcome

    def _try(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        credentials: Credentials,
        deadline: Deadline,
        max_bytes: int,
        json: object,
    ) -> Exchange | GitHubError:
        left = deadline.remaining()
        if left <= 0:
            return Unavailable("no time left")
        try:
            with (
                reading_until(deadline),
                self._session().request(
                    method,
                    url,
                    headers=dict(headers),
                    auth=credentials,
                    json=json,
                    stream=True,
                    allow_redirects=False,
                    timeout=(min(self._connect_timeout, left), min(self._read_timeout, left)),
                ) as response,
            ):
                return _received(response, max_bytes)
        except (requests.Timeout, PoolTimeoutError, TimeoutError):
            return Unavailable("time-out")
        except DecodeError:
            return BadAnswer("content encoding")
        # Whatever a library raises may quote a header, so nothing of it leaves but its class.
        except Exception as err:
            return Unavailable(type(err).__name__)

    def _session(self) -> requests.Session:
        # A connection that a forked worker shares with its parent would mix up their answers.
        if getattr(self._local, "pid", None) != os.getpid():
            self._local.pid = os.getpid()
            self._local.session = _Session(self._user_agent)
        session: requests.Session = self._local.session
        return session


def _received(response: requests.Response, max_bytes: int) -> Exchange | GitHubError:
    if response.status_code >= 300:
        return Exchange(response.status_code, response.headers, _as_far_as_it_goes(response))
    body = bytearray()
    for chunk in response.raw.stream(_CHUNK_BYTES, decode_content=True):
        body += chunk
        if len(body) > max_bytes:
            return BadAnswer("too large")
    return Exchange(response.status_code, response.headers, bytes(body))


def _as_far_as_it_goes(response: requests.Response) -> bytes:
    body = bytearray()
    try:
        for chunk in response.raw.stream(_CHUNK_BYTES, decode_content=True):
            body += chunk
            if len(body) > _REFUSAL_BYTES:
                break
    # The status has been read; a broken explanation does not change it.
    except Exception:
        return b""
    return bytes(body)

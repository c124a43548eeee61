"""HTTP for one purpose: to get files of known size from one server, without telling anybody else the token."""

import http.client
import socket
import ssl
import threading
import urllib.error
import urllib.request
from functools import partial
from ipaddress import ip_address
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from .errors import FetchFailed, KeyRefused, WriteFailed

_CHUNK = 64 * 1024
_STATUS = {
    401: "The server asks for a token, or does not know the one that was given.",
    403: "The token does not allow to read this.",
    404: "The server has nothing there.",
    409: "The release is not frozen, or not written in this format yet.",
    429: "Too many calls; try again later.",
}


class Transport:
    """GET below one address. `https` is required, except from this machine itself.

    `silence_seconds`: how long the server may say nothing; `total_seconds`: how long everything may take.
    A redirect to another scheme, host or port is refused, since it would take the token along. Raises
    FetchFailed for an address that will not do, KeyRefused for a token that cannot be sent; neither the
    token nor what stands before an `@` is ever part of a sentence.
    """

    def __init__(
        self,
        address: str,
        *,
        token: str | None = None,
        silence_seconds: float = 30,
        total_seconds: float = 600,
    ) -> None:
        self._address = _checked_address(address)
        self._headers = {"Accept-Encoding": "identity", "User-Agent": "bigcode-exclusions"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {_checked_token(token)}"
        self._silence_seconds = silence_seconds
        self._deadline = _Deadline(total_seconds)
        # A proxy would see what is said to this machine itself in the clear.
        proxies = [urllib.request.ProxyHandler({})] if _is_loopback(self._address) else []
        self._opener = urllib.request.build_opener(
            _SameOrigin(), _Http(self._deadline), _Https(self._deadline), *proxies
        )

    def __enter__(self) -> "Transport":
        self._deadline.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._deadline.cancel()

    def get(self, path: str, sink: BinaryIO, *, limit: int) -> None:
        """Write what stands at `path` into `sink`; `path` is ours, or checked. At most `limit` bytes.

        Raises FetchFailed, also when the answer ends before the length that it announced; WriteFailed when `sink`
        takes no more.
        """
        request = urllib.request.Request(f"{self._address}/{path}", headers=self._headers)  # noqa: S310 - checked
        try:
            with self._opener.open(request, timeout=self._silence_seconds) as answer:
                _copy(answer, sink, path=path, limit=limit)
        except FetchFailed as failed:
            if self._deadline.passed:
                raise FetchFailed(f"{path} could not be fetched. {self._reason(failed)}") from failed
            raise
        except urllib.error.HTTPError as error:
            error.close()
            sentence = _STATUS.get(error.code, f"The server answered with status {error.code}.")
            raise FetchFailed(f"{path} could not be fetched. {sentence}") from error
        except (OSError, http.client.HTTPException) as error:
            raise FetchFailed(f"{path} could not be fetched. {self._reason(error)}") from error

    def _reason(self, error: Exception) -> str:
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        if self._deadline.passed:
            return f"It took longer than {self._deadline.seconds:g} seconds."
        if isinstance(cause, TimeoutError):
            return f"The server said nothing for {self._silence_seconds:g} seconds."
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"The server’s certificate was not accepted: {cause.verify_message}."
        if isinstance(cause, OSError) and cause.strerror:
            return f"The connection failed: {cause.strerror}."
        return "The server’s answer ended early or could not be understood."


def _copy(answer: Any, sink: BinaryIO, *, path: str, limit: int) -> None:
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise FetchFailed(f"{path} came compressed, although that was not asked for.")
    if answer.length is not None and answer.length > limit:
        raise FetchFailed(f"{path} has {answer.length:,} bytes; at most {limit:,} are expected.")
    received = 0
    # read1 answers what is there, so that no slow server keeps one call waiting for a full chunk.
    while chunk := answer.read1(_CHUNK):
        received += len(chunk)
        if received > limit:
            raise FetchFailed(f"{path} has more than the {limit:,} bytes that are expected.")
        _keep(sink, chunk, path=path)
    if answer.length:
        raise FetchFailed(
            f"{path} ended {answer.length:,} bytes before the length that the server announced."
        )


def _keep(sink: BinaryIO, chunk: bytes, *, path: str) -> None:
    try:
        sink.write(chunk)
    except OSError as error:
        # Told apart here: outside of it, it would look like the server's fault.
        raise WriteFailed(f"{path} could not be written: {error.strerror}.") from error


class _Deadline:
    """Ends every connection once the time is over; a timeout alone would start anew with each byte."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self.start, self.cancel = self._timer.start, self._timer.cancel

    def watch(self, connected: socket.socket) -> None:
        self._sockets.append(connected)
        if self.passed:
            self._end()

    def _end(self) -> None:
        self.passed = True
        for connected in self._sockets:
            try:
                # The plain method: that of a TLS socket would drop the encryption under a reading thread.
                socket.socket.shutdown(connected, socket.SHUT_RDWR)
            except OSError:
                continue  # closed already


class _WatchedHttp(http.client.HTTPConnection):
    def __init__(self, deadline: _Deadline, host: str, **options: Any) -> None:
        super().__init__(host, **options)
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self._deadline.watch(self.sock)


class _WatchedHttps(http.client.HTTPSConnection):
    def __init__(self, deadline: _Deadline, host: str, **options: Any) -> None:
        super().__init__(host, **options)
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self._deadline.watch(self.sock)


class _Http(urllib.request.HTTPHandler):
    def __init__(self, deadline: _Deadline) -> None:
        super().__init__()
        self._connection = partial(_WatchedHttp, deadline)

    def http_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(self._connection, request)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, deadline: _Deadline) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(context=self._tls)
        self._connection = partial(_WatchedHttps, deadline)

    def https_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(self._connection, request, context=self._tls)


class _SameOrigin(urllib.request.HTTPRedirectHandler):
    max_redirections = 5

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if _origin(newurl) != _origin(req.full_url):
            raise FetchFailed(
                f"The server sends us on to another address ({urlsplit(newurl).hostname!r}); that is refused."
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def _checked_address(address: str) -> str:
    try:
        parts = urlsplit(address)
        has_port = parts.port is not None
    except ValueError as wrong:
        raise FetchFailed("The address is not a URL.") from wrong
    if not parts.hostname or parts.scheme not in ("http", "https") or (has_port and not parts.port):
        raise FetchFailed("The address must be a URL that begins with https://.")
    if parts.username is not None or parts.query or parts.fragment:
        raise FetchFailed(
            "The address must have no user name, query or fragment; give a token apart from it."
        )
    if not address.isascii() or any(c.isspace() or not c.isprintable() for c in address):
        raise FetchFailed("The address has a character that no URL has.")
    if parts.scheme == "http" and not _is_loopback(address):
        raise FetchFailed("The address must begin with https://; http is for this machine itself alone.")
    return address.rstrip("/")


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _checked_token(token: str) -> str:
    token = token.strip()
    # Whatever else it holds would be named in the error of the library that refuses it.
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise KeyRefused("The token is empty or has characters that no token has.")
    return token

"""Serve the stand-in over HTTP, on this machine only."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from .application import Application
from .faults import Faults
from .limits import RateLimits
from .messages import Request, Response, error_response
from .request_log import RequestLog
from .world import World
from .world_file import load_world

LOOPBACK = "127.0.0.1"
LARGEST_BODY_BYTES = 1024 * 1024


class SandboxServer(ThreadingHTTPServer):
    """A loopback server; ``closing`` wakes answers that are being silent."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, application: Application, *, host: str = LOOPBACK) -> None:
        """Bind to ``port`` (0: any); raises ValueError for any host but 127.0.0.1, OSError if taken."""
        if host != LOOPBACK:
            raise ValueError(f"the stand-in listens on {LOOPBACK} only, not on {host}")
        self.application = application
        self.closing = threading.Event()
        super().__init__((LOOPBACK, port), SandboxHandler)

    @property
    def url(self) -> str:
        """Where the stand-in answers, without a slash at the end."""
        return f"http://{LOOPBACK}:{self.server_address[1]}"


class SandboxHandler(BaseHTTPRequestHandler):
    """Turns the socket's bytes into a Request and a Response into bytes."""

    protocol_version = "HTTP/1.1"
    server_version = "GitHubStandIn"
    sys_version = ""
    timeout = 60
    server: SandboxServer

    def answer(self) -> None:
        """Read the request, answer it."""
        length = self.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY_BYTES or "transfer-encoding" in self.headers:
            self.close_connection = True
            self.deliver(error_response(413, "Send a body of known length, up to 1 MiB."))
            return
        self.deliver(self.server.application.answer(self._request(self.rfile.read(int(length)))))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 -- names of http.server

    def deliver(self, response: Response) -> None:
        """Send the whole answer, the half of it, or nothing, as it says."""
        if response.delay_seconds:
            self.server.closing.wait(response.delay_seconds)
        if response.delivery != "whole":
            self.close_connection = True
        if response.delivery == "none":
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status not in (204, 304):
            self.send_header("content-length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            half = len(response.body) // 2
            self.wfile.write(response.body[:half] if response.delivery == "cut" else response.body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the console: the request log has what a test needs, and no code or state."""

    def _request(self, body: bytes) -> Request:
        address = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        base_url = f"http://{headers.get('host', '')}"
        client = self.client_address[0]
        return Request(self.command, address.path, query, headers, body, base_url, client)


@dataclass(frozen=True)
class RunningSandbox:
    """A stand-in that answers in a thread of this process; change its ``world`` at will."""

    url: str
    application: Application
    server: SandboxServer
    thread: threading.Thread

    @property
    def world(self) -> World:
        """What is true here."""
        return self.application.world

    @property
    def faults(self) -> Faults:
        """The fault switch."""
        return self.application.faults

    @property
    def requests(self) -> RequestLog:
        """What was asked so far."""
        return self.application.log

    @property
    def limits(self) -> RateLimits:
        """The primary rate limit of each caller."""
        return self.application.limits

    def stop(self) -> None:
        """Close the socket and end the thread; harmless when done twice."""
        self.server.closing.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(timeout=5)


def start(
    port: int = 0, world: World | None = None, clients: Mapping[str, str] | None = None
) -> RunningSandbox:
    """Start a stand-in in a thread; default: a free port, a fresh world, the app ``sandbox-client``."""
    application = Application(world or load_world(), clients)
    server = SandboxServer(port, application)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="sandbox", daemon=True)
    thread.start()
    return RunningSandbox(server.url, application, server, thread)

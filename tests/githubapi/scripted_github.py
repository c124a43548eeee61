"""A small HTTP server that answers as a test tells it, faults included, and keeps what it was asked."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Action = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    port: int


def answer(body: object = None, status: int = 200, **headers: str) -> Action:
    """A whole answer; `body` as JSON, bytes as they are. Underscores in header names become hyphens."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return act


def redirect(location: str, status: int = 301) -> Action:
    return answer({"message": "Moved Permanently", "url": location}, status, location=location)


def raw(data: bytes) -> Action:
    """Bytes on the wire, then the connection closed."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(data)
        handler.close_connection = True

    return act


def drip(head: bytes, drop: bytes = b" ", pause: float = 0.05, seconds: float = 5.0) -> Action:
    """`head` at once, then a drop every `pause` seconds for as long as anybody listens."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        end = time.monotonic() + seconds
        try:
            handler.wfile.write(head)
            while time.monotonic() < end:
                handler.wfile.write(drop)
                handler.wfile.flush()
                time.sleep(pause)
        except OSError:
            return

    return act


def silence(seconds: float = 3.0) -> Action:
    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.server.stopped.wait(seconds)  # type: ignore[attr-defined]
        handler.close_connection = True

    return act


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "ScriptedGitHub"

    def _act(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        self.server.asked.append(
            Asked(self.command, self.path, dict(self.headers.items()), body, self.client_address[1])
        )
        routes = self.server.routes
        plain = self.path.partition("?")[0]
        action = routes.get(self.path) or routes.get(plain) or routes.get("*") or answer({}, 404)
        action(self)

    do_GET = do_DELETE = do_POST = _act  # noqa: N815

    def log_message(self, *args: Any) -> None:
        pass


class ScriptedGitHub(ThreadingHTTPServer):
    """`routes` maps a path (with or without its query, or `*`) to an action."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.routes: dict[str, Action] = {}
        self.asked: list[Asked] = []
        self.stopped = threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.005,), daemon=True).start()

    def handle_error(self, *args: Any) -> None:
        """A client that hangs up is what these tests are about."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def on(self, path: str, action: Action) -> None:
        """Answer the API path (below /api/v3) so."""
        self.routes["/api/v3" + path] = action

    def stop(self) -> None:
        self.stopped.set()
        self.shutdown()
        self.server_close()

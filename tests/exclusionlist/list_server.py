"""A server on this machine that serves a folder, or misbehaves for one path as it is told."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class ListServer:
    """`places` maps paths to files; `oddities` paths to what happens instead. `seen` are path and token."""

    address: str = ""
    places: dict[str, Path] = field(default_factory=dict)
    oddities: dict[str, Answer] = field(default_factory=dict)
    seen: list[tuple[str, str | None]] = field(default_factory=list)

    def serve(self, folder: Path, prefix: str = "") -> None:
        """Serve each file of the folder under its path."""
        for file in folder.rglob("*"):
            if file.is_file():
                self.places[f"{prefix}/{file.relative_to(folder).as_posix()}"] = file


@contextmanager
def running() -> Iterator[ListServer]:
    """Yield a server with nothing on it."""
    served = ListServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            served.seen.append((self.path, self.headers["Authorization"]))
            odd = served.oddities.get(self.path)
            if odd:
                odd(self)
                self.close_connection = True
            elif file := served.places.get(self.path):
                whole(file.read_bytes())(self)
            else:
                self.send_error(404)

        def log_message(self, format: str, *args: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    served.address = f"http://127.0.0.1:{server.server_port}"
    yield served
    server.shutdown()
    server.server_close()
    thread.join()


def whole(content: bytes, length: int | None = None, **headers: str) -> Answer:
    """Send the content; `length` is what is announced, the truth if it is None."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return send


def without_length(content: bytes) -> Answer:
    """Send the content and close; nothing says how much it is."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(content)

    return send


def dripping(content: bytes, seconds: float) -> Answer:
    """Send one byte after the other, each after so many seconds."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        try:
            for byte in content:
                time.sleep(seconds)
                handler.wfile.write(bytes([byte]))
        except OSError:
            return  # the client left

    return send


def status(code: int, location: str | None = None) -> Answer:
    """Answer with a status, and where to go."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        if location:
            handler.send_header("Location", location)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return send

"""A plain HTTP client that follows nothing and keeps nothing."""

import base64
import http.client
import json
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    def location(self) -> dict[str, str]:
        """The query of the address one is sent to."""
        return dict(parse_qsl(urlsplit(self.headers["location"]).query, keep_blank_values=True))


class Client:
    def __init__(self, url: str) -> None:
        self.netloc = urlsplit(url).netloc

    def ask(
        self,
        path: str,
        method: str = "GET",
        *,
        token: str | None = None,
        basic: tuple[str, str] | None = None,
        content: Any = None,
        timeout: float = 5,
        **headers: str,
    ) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"user-agent": "tests", **named}
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        if basic is not None:
            sent["authorization"] = "Basic " + base64.b64encode(":".join(basic).encode()).decode()
        body = None if content is None else json.dumps(content).encode()
        if body is not None:
            sent["content-type"] = "application/json"
        return self._send(method, path, body, sent, timeout)

    def api(self, path: str, method: str = "GET", **options: Any) -> Answer:
        return self.ask("/api/v3" + path, method, **options)

    def submit(self, path: str, fields: dict[str, Any], **headers: str) -> Answer:
        """Send a form, as a browser does."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"user-agent": "tests", "content-type": "application/x-www-form-urlencoded", **named}
        return self._send("POST", path, urlencode(fields, doseq=True).encode(), sent, 5)

    def _send(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], timeout: float
    ) -> Answer:
        connection = http.client.HTTPConnection(self.netloc, timeout=timeout)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

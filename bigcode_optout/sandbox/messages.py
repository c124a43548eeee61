"""A request and a response, apart from any socket."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl

DOCUMENTATION_URL = "https://docs.github.com/rest"
JSON_TYPE = "application/json; charset=utf-8"
Delivery = Literal["whole", "cut", "none"]


@dataclass(frozen=True)
class Request:
    """One HTTP request: ``path`` percent-encoded, header names in lower case, ``base_url`` as asked for."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    base_url: str = "http://127.0.0.1"
    client_address: str = "127.0.0.1"

    def header(self, name: str) -> str:
        """The header's value, or the empty string."""
        return self.headers.get(name, "")

    def fields(self) -> dict[str, Any]:
        """The body's fields, sent as JSON or as a form; empty if it is neither."""
        if "json" not in self.header("content-type"):
            return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))
        try:
            content = json.loads(self.body)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}

    def repeated_field(self, name: str) -> list[str]:
        """All values of a form field that may stand several times."""
        pairs = parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return [value for key, value in pairs if key == name]


@dataclass
class Response:
    """One HTTP response; ``delivery`` is whole, cut off in the body, or none at all."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    delivery: Delivery = "whole"
    delay_seconds: float = 0.0


class Refused(Exception):  # noqa: N818 -- an answer of the protocol, not a failure of the program
    """Raised to answer at once with an error."""

    def __init__(self, status: int, message: str, **fields: Any) -> None:
        super().__init__(message)
        self.response = error_response(status, message, **fields)


def json_response(content: Any, status: int = 200, **headers: str) -> Response:
    """``content`` as JSON; ``headers`` are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = json.dumps(content, ensure_ascii=False).encode()
    return Response(status, body, {"content-type": JSON_TYPE, **named})


def error_response(status: int, message: str, **fields: Any) -> Response:
    """GitHub's *basic-error*: the status stands in the body as a string."""
    content = {"message": message, "documentation_url": DOCUMENTATION_URL, "status": str(status)}
    return json_response({**content, **fields}, status)

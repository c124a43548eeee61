"""How answers are described: which statuses an address may give, and what a file's answer looks like."""

from collections.abc import Mapping
from typing import Any

from bigcode_optout.api.bodies import Problem

SENTENCES: Mapping[int, str] = {
    400: "Something in the address is missing or not understood.",
    401: "No token, or one that is not known here, has expired or was revoked.",
    403: "The token is for something else.",
    404: "There is no such thing.",
    409: "Not in this state: the release is still open, or this is not written yet.",
    413: "More than is taken.",
    416: "The file ends before the part that was asked for.",
    429: "Too many calls; `Retry-After` says in how many seconds to go on.",
    503: "A part of ours does not work just now: files or an index cannot be read.",
}
_HEADERS: Mapping[int, Mapping[str, Any]] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    416: {"Content-Range": {"schema": {"type": "string"}}},
    429: {"Retry-After": {"schema": {"type": "string"}}},
}
_ETAG = {"ETag": {"schema": {"type": "string"}}}
_TEXT: Mapping[str, Any] = {"schema": {"type": "string"}}
_OBJECT: Mapping[str, Any] = {"schema": {"type": "object"}}


def problems(*statuses: int) -> dict[int, Any]:
    """The part of `response=` for what is refused."""
    return dict.fromkeys(statuses, Problem)


def described(*statuses: int) -> dict[str, Any]:
    """The words and headers that go with `problems`; for `openapi_extra`."""
    refused = {
        status: {"description": SENTENCES[status], "headers": dict(_HEADERS.get(status, {}))}
        for status in statuses
    }
    return {"responses": {200: {"description": "What was asked for."}, **refused}}


def file_described(*types: str, statuses: tuple[int, ...], has_parts: bool = True) -> dict[str, Any]:
    """A file: whole, in part, or not at all since it is there already; for `openapi_extra`."""
    content = {name: dict(_OBJECT if name == "application/json" else _TEXT) for name in types}
    extra = described(*statuses)
    extra["responses"][200] = {"description": "The file.", "content": content, "headers": dict(_ETAG)}
    if has_parts:
        extra["responses"][206] = {
            "description": "The part of it that `Range` asks for.",
            # A part of a JSON document is none.
            "content": {name: dict(_TEXT) for name in types},
            "headers": _ETAG | {"Content-Range": {"schema": {"type": "string"}}},
        }
        extra["responses"][304] = {
            "description": "You have it: its ETag is in your `If-None-Match`.",
            "headers": dict(_ETAG),
        }
    return extra

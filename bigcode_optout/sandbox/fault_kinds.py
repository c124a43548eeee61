"""The kinds of fault that can be provoked: each a function from the request to a faulty answer.

A new kind is one more function in ``KINDS``; nothing else needs to know it. Kinds that change a proper answer
stand in ``fault_changes.py``.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .messages import Request, Response, error_response, json_response

DEFAULT_LIMIT_SECONDS = 60.0
DEFAULT_SILENCE_SECONDS = 30.0
POLICY_TEXT = (
    "Although you appear to have the correct authorization credentials, the organization has enabled "
    "OAuth App access restrictions, meaning that data access to third-parties is limited."
)
ELSEWHERE = "http://elsewhere.invalid"


@dataclass
class Fault:
    """``after`` requests go well first; ``times`` then counts down, None means until cleared.

    ``seconds`` is the wait or the silence of its kind.
    """

    path: re.Pattern[str]
    kind: str
    times: int | None = 1
    seconds: float | None = None
    status: int | None = None
    after: int = 0

    def as_json(self) -> dict[str, Any]:
        """As the fault switch lists it."""
        shown = {"path": self.path.pattern, "kind": self.kind, "times": self.times, "seconds": self.seconds}
        return {**shown, "after": self.after}


def primary_limit(fault: Fault, request: Request) -> Response:
    """The hour is used up; told by ``x-ratelimit-remaining: 0``."""
    response = error_response(fault.status or 403, f"API rate limit exceeded for {request.client_address}.")
    reset = int(time.time() + _or_default(fault.seconds, DEFAULT_LIMIT_SECONDS))
    response.headers |= {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(reset)}
    return response


def secondary_limit(fault: Fault, request: Request) -> Response:
    """Too much at once; told by the text and ``retry-after``."""
    text = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    response = error_response(fault.status or 403, text)
    response.headers["retry-after"] = str(int(_or_default(fault.seconds, DEFAULT_LIMIT_SECONDS)))
    return response


def server_error(fault: Fault, request: Request) -> Response:
    """GitHub's own trouble, with the page a proxy sends."""
    page = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
    return Response(fault.status or 502, page, {"content-type": "text/html"})


def timeout(fault: Fault, request: Request) -> Response:
    """Silence, then a closed connection."""
    return Response(200, delivery="none", delay_seconds=_or_default(fault.seconds, DEFAULT_SILENCE_SECONDS))


def not_json(fault: Fault, request: Request) -> Response:
    """A success that says it is JSON and is not."""
    page = b"<!doctype html><title>Unicorn</title>"
    return Response(200, page, {"content-type": "application/json; charset=utf-8"})


def cut_body(fault: Fault, request: Request) -> Response:
    """A body that ends before its announced length."""
    response = json_response({"id": 1, "login": "cut-off-in-the-middle", "type": "User"})
    response.delivery = "cut"
    return response


def unauthorized(fault: Fault, request: Request) -> Response:
    """The token is no longer good."""
    return error_response(401, "Bad credentials")


def forbidden_policy(fault: Fault, request: Request) -> Response:
    """The organisation does not let this app in."""
    return error_response(403, POLICY_TEXT)


def forbidden_sso(fault: Fault, request: Request) -> Response:
    """The organisation wants its single sign-on first."""
    text = "Resource protected by organization SAML enforcement. You must grant your OAuth token access."
    response = error_response(403, text)
    response.headers["x-github-sso"] = f"required; url={request.base_url}/orgs/somebody/sso"
    return response


def not_found(fault: Fault, request: Request) -> Response:
    """Absent, or hidden."""
    return error_response(404, "Not Found")


def redirect_elsewhere(fault: Fault, request: Request) -> Response:
    """A redirect to another host, where no token may go; 307 where a body would follow."""
    url = ELSEWHERE + request.path
    status = fault.status or (301 if request.method in ("GET", "HEAD") else 307)
    response = json_response({"message": "Moved Permanently", "url": url}, status)
    response.headers["location"] = url
    return response


def redirect_loop(fault: Fault, request: Request) -> Response:
    """A redirect to the very address that was asked."""
    url = request.base_url + request.path
    response = json_response({"message": "Moved Permanently", "url": url}, fault.status or 301)
    response.headers["location"] = url
    return response


KINDS: dict[str, Callable[[Fault, Request], Response]] = {
    kind.__name__: kind
    for kind in (
        primary_limit,
        secondary_limit,
        server_error,
        timeout,
        not_json,
        cut_body,
        unauthorized,
        forbidden_policy,
        forbidden_sso,
        not_found,
        redirect_elsewhere,
        redirect_loop,
    )
}


def _or_default(seconds: float | None, default: float) -> float:
    return default if seconds is None else seconds

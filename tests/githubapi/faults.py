"""Every way in which GitHub can fail, as (what the server does, which error that is).

The bodies quote the canary token, as a broken server might: no error may repeat it.
"""

import gzip
import json
import time
from collections.abc import Callable

from bigcode_optout.githubapi import (
    BadAnswer,
    BadCredentials,
    Forbidden,
    GitHubError,
    NotFound,
    RateLimited,
    Unavailable,
)

from .bodies import user_body
from .scripted_github import Action, ScriptedGitHub, answer, drip, raw, redirect, silence

CANARY = "gho_CANARY7d1f0a4bcanary"
Fault = tuple[Callable[[ScriptedGitHub, ScriptedGitHub], Action], type[GitHubError]]

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_LIMITED = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
_RESTRICTED = (
    "Although you appear to have the correct authorization credentials, the `norrvik-instruments` "
    "organization has enabled OAuth App access restrictions"
)


def _always(action: Action) -> Callable[[ScriptedGitHub, ScriptedGitHub], Action]:
    return lambda github, elsewhere: action


def _saying(message: str, status: int, **headers: str) -> Callable[..., Action]:
    return _always(answer({"message": message, "token": CANARY}, status, **headers))


def _bytes(body: bytes, status: int = 200, **headers: str) -> Callable[..., Action]:
    return _always(answer(body, status, **headers))


def _to(target: Callable[[ScriptedGitHub, ScriptedGitHub], str], status: int = 301) -> Callable[..., Action]:
    return lambda github, elsewhere: redirect(target(github, elsewhere), status)


def _soon() -> str:
    return str(int(time.time()) + 600)


# Right in all but its size: blanks after a JSON value are allowed.
_huge = json.dumps(user_body()).encode() + b" " * 1_000_000
_whole = json.dumps(user_body(name=CANARY)).encode()

FAULTS: dict[str, Fault] = {
    # what the wire does
    "cut body": (_always(raw(_HEAD + b"Content-Length: 900\r\n\r\n" + _whole)), Unavailable),
    "cut chunk": (_always(raw(_HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n" + _whole)), Unavailable),
    "cut JSON": (_always(raw(_HEAD + b"Connection: close\r\n\r\n" + _whole[:-4])), BadAnswer),
    "no answer, closed": (_always(raw(b"")), Unavailable),
    "not HTTP": (_always(raw(CANARY.encode() + b"\r\n\r\n")), Unavailable),
    "silence": (_always(silence()), Unavailable),
    "dripping head": (_always(drip(b"HTTP/1.1 200 OK\r\nX-Canary: " + CANARY.encode())), Unavailable),
    "dripping body": (_always(drip(_HEAD + b"Content-Length: 9000\r\n\r\n" + _whole)), Unavailable),
    "dripping chunk size": (_always(drip(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0")), Unavailable),
    "dripping redirect": (
        _always(drip(b"HTTP/1.1 301 Moved\r\nLocation: /api/v3/x\r\nContent-Length: 9000\r\n\r\n")),
        Unavailable,
    ),
    # what the body is
    "too large": (_bytes(_huge), BadAnswer),
    "too large when unpacked": (
        _bytes(gzip.compress(_huge + b" " * 20_000_000), content_encoding="gzip"),
        BadAnswer,
    ),
    "badly packed": (_bytes(_whole, content_encoding="gzip"), BadAnswer),
    "not JSON": (_bytes(f"<html>{CANARY}</html>".encode()), BadAnswer),
    "empty": (_bytes(b""), BadAnswer),
    "broken UTF-8": (_bytes(_whole + b"\xff"), BadAnswer),
    "list": (_bytes(b"[]"), BadAnswer),
    "null": (_bytes(b"null"), BadAnswer),
    "empty object": (_bytes(b"{}"), BadAnswer),
    "string": (_bytes(json.dumps(CANARY).encode()), BadAnswer),
    "NaN": (_bytes(b"NaN"), BadAnswer),
    "NaN as id": (_bytes(_whole.replace(b"101", b"NaN")), BadAnswer),
    "NaN where nobody reads": (_bytes(json.dumps(user_body(followers=float("nan"))).encode()), BadAnswer),
    "true as id": (_bytes(_whole.replace(b"101", b"true")), BadAnswer),
    "endless number": (_bytes(_whole.replace(b"101", b"1" * 9_000)), BadAnswer),
    "very deep": (_bytes(b"[" * 100_000 + b"]" * 100_000), BadAnswer),
    "very deep objects": (_bytes(b'{"id":' * 50_000 + b"1" + b"}" * 50_000), BadAnswer),
    # where redirects go
    "redirect to another host": (_to(lambda github, elsewhere: elsewhere.url + "/api/v3/user"), BadAnswer),
    "307 to another host": (_to(lambda github, elsewhere: elsewhere.url + "/x", 307), BadAnswer),
    "redirect without scheme": (_to(lambda github, elsewhere: elsewhere.url[5:] + "/x"), BadAnswer),
    "redirect by another name": (
        _to(lambda github, elsewhere: f"http://localhost:{github.server_port}/api/v3/x"),
        BadAnswer,
    ),
    "redirect to another scheme": (_to(lambda github, elsewhere: "https" + github.url[4:] + "/x"), BadAnswer),
    "redirect with a log-in": (
        _to(lambda github, elsewhere: github.url.replace("//", f"//{CANARY}@") + "/x"),
        BadAnswer,
    ),
    "redirect behind a backslash": (
        _to(lambda github, elsewhere: github.url + "\\@" + elsewhere.url[7:] + "/x"),
        BadAnswer,
    ),
    "redirect behind an at sign": (
        _to(lambda github, elsewhere: github.url + "@" + elsewhere.url[7:] + "/x"),
        BadAnswer,
    ),
    "redirect to a bad port": (_to(lambda github, elsewhere: "http://127.0.0.1:99999/x"), BadAnswer),
    "redirect to a bad address": (_to(lambda github, elsewhere: "http://[::1/x"), BadAnswer),
    "redirect to a file": (_to(lambda github, elsewhere: "file:///etc/passwd"), BadAnswer),
    "redirect without a target": (_bytes(b"{}", 301), BadAnswer),
    "redirect to itself": (_to(lambda github, elsewhere: github.url + "/api/v3/user"), BadAnswer),
    # what the status says
    "no content": (_bytes(b"", 204), BadAnswer),
    "not modified": (_always(raw(b"HTTP/1.1 304 Not Modified\r\n\r\n")), BadAnswer),
    "401": (_saying("Bad credentials", 401), BadCredentials),
    "403 policy": (_saying(_RESTRICTED, 403), Forbidden),
    "403 sso": (_saying("Resource protected by organization SAML enforcement.", 403), Forbidden),
    "403 other": (_saying("Resource not accessible by integration", 403), Forbidden),
    "403 not JSON": (_bytes(CANARY.encode(), 403), Forbidden),
    "403 very deep": (_bytes(b"[" * 60_000, 403), Forbidden),
    "403 cut": (
        _always(raw(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 900\r\n\r\n" + _whole)),
        Forbidden,
    ),
    "403 primary": (
        _saying("API rate limit exceeded", 403, x_ratelimit_remaining="0", x_ratelimit_reset=_soon()),
        RateLimited,
    ),
    "429 primary": (
        _saying("API rate limit exceeded", 429, x_ratelimit_remaining="0", x_ratelimit_reset=_soon()),
        RateLimited,
    ),
    "403 secondary": (_saying(_LIMITED, 403, retry_after="30", x_ratelimit_remaining="10"), RateLimited),
    "429 secondary": (_saying(_LIMITED, 429), RateLimited),
    "404": (_saying("Not Found", 404), NotFound),
    "410": (_saying("Gone", 410), NotFound),
    "422": (_saying("Validation Failed", 422), BadAnswer),
    "451": (_saying("Repository access blocked", 451), Forbidden),
    "500": (_saying("Server Error", 500), Unavailable),
    "502 not JSON": (_bytes(f"<html>{CANARY}".encode(), 502), Unavailable),
    "503": (_saying("Service Unavailable", 503), Unavailable),
}

"""The OAuth web flow: the page in the browser and the exchange of the code."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from .callers import is_client
from .messages import Request, Response, json_response
from .records import Account
from .world import World

COOKIE = "sandbox_persona"
LOOPBACK_HOSTS = ("127.0.0.1", "localhost")
ERROR_URI = "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-authorization-request-errors/"
DESCRIPTIONS = {
    "access_denied": "The user has denied your application access.",
    "bad_verification_code": "The code passed is incorrect or expired.",
    "incorrect_client_credentials": "The client_id and/or client_secret passed are incorrect.",
    "redirect_uri_mismatch": "The redirect_uri MUST match the registered callback URL for this application.",
}


class AuthorizationProblem(Exception):  # noqa: N818 -- shown to the person as a page
    """The browser cannot be sent back to the app; the sentence says why."""


@dataclass(frozen=True)
class AuthorizationRequest:
    """What an app asks for when it sends a browser here."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    challenge: str
    login: str
    always_ask: bool

    def back(self, **parameters: str) -> Response:
        """Send the browser back to the app, with the state as it came."""
        if self.state is not None:
            parameters["state"] = self.state
        address = urlsplit(self.redirect_uri)
        query = urlencode(parse_qsl(address.query, keep_blank_values=True) + list(parameters.items()))
        return Response(302, headers={"location": address._replace(query=query).geturl()})


def read_authorization(fields: Mapping[str, str], clients: Mapping[str, str]) -> AuthorizationRequest:
    """The request in ``fields``; raises AuthorizationProblem if the app or its address is not acceptable."""
    if fields.get("client_id", "") not in clients:
        raise AuthorizationProblem("No app is registered here under this client id.")
    redirect_uri = fields.get("redirect_uri", "")
    if not _is_loopback(redirect_uri):
        raise AuthorizationProblem(
            "The redirect_uri is not on this machine. The stand-in only sends people back to "
            "http://127.0.0.1 or http://localhost."
        )
    challenge = fields.get("code_challenge", "")
    if challenge and fields.get("code_challenge_method") != "S256":
        raise AuthorizationProblem("The code_challenge_method must be S256.")
    return AuthorizationRequest(
        client_id=fields["client_id"],
        redirect_uri=redirect_uri,
        scopes=tuple(dict.fromkeys(fields.get("scope", "").replace(",", " ").split())),
        state=fields.get("state"),
        challenge=challenge,
        login=fields.get("login", ""),
        always_ask=fields.get("prompt") == "select_account",
    )


def answer_without_asking(wanted: AuthorizationRequest, request: Request, world: World) -> Response | None:
    """Like GitHub: a remembered person who granted all of this before is sent back at once."""
    account = remembered_account(request, world)
    if account is None or wanted.always_ask:
        return None
    granted = world.grants.granted(account.id, wanted.client_id)
    if granted is None or not set(wanted.scopes) <= set(granted):
        return None
    return grant(wanted, account, wanted.scopes, world)


def grant(wanted: AuthorizationRequest, account: Account, scopes: tuple[str, ...], world: World) -> Response:
    """Send the browser back with a code for ``account``."""
    code = world.grants.issue_code(
        account.id,
        wanted.client_id,
        redirect_uri=wanted.redirect_uri,
        scopes=scopes,
        challenge=wanted.challenge,
    )
    return wanted.back(code=code)


def refuse(wanted: AuthorizationRequest) -> Response:
    """Send the browser back without a code."""
    return wanted.back(**_error("access_denied"))


def remembered_account(request: Request, world: World) -> Account | None:
    """The persona this browser stays signed in as, by its cookie."""
    try:
        cookie = SimpleCookie(request.header("cookie")).get(COOKIE)
    except CookieError:
        return None
    return world.accounts.get(int(cookie.value)) if cookie and cookie.value.isdecimal() else None


def cookie_header(account: Account | None) -> str:
    """A ``set-cookie`` value that remembers ``account``, or forgets whoever it was."""
    value, age = (str(account.id), 86400) if account else ("", 0)
    return f"{COOKIE}={value}; Path=/login/oauth; Max-Age={age}; HttpOnly; SameSite=Lax"


def exchange_code(request: Request, world: World, clients: Mapping[str, str]) -> Response:
    """``POST /access_token``: a token for a code; errors come with status 200, form-encoded by default."""
    content = _exchange({key: str(value) for key, value in request.fields().items()}, world, clients)
    if "json" in request.header("accept"):
        return json_response(content)
    media_type = "application/x-www-form-urlencoded; charset=utf-8"
    return Response(200, urlencode(content).encode(), {"content-type": media_type})


def _exchange(fields: Mapping[str, str], world: World, clients: Mapping[str, str]) -> dict[str, str]:
    client_id = fields.get("client_id", "")
    if not is_client(client_id, fields.get("client_secret", ""), clients):
        return _error("incorrect_client_credentials")
    code = world.grants.take_code(fields.get("code", ""), client_id)
    if code is None or not code.is_answered_by(fields.get("code_verifier", "")):
        return _error("bad_verification_code")
    if fields.get("redirect_uri", code.redirect_uri) != code.redirect_uri:
        return _error("redirect_uri_mismatch")
    if code.account_id not in world.accounts:
        return _error("bad_verification_code")
    token = world.grants.issue_token(code.account_id, client_id, code.scopes)
    return {"access_token": token.value, "scope": ",".join(token.scopes), "token_type": "bearer"}


def _error(code: str) -> dict[str, str]:
    return {"error": code, "error_description": DESCRIPTIONS[code], "error_uri": ERROR_URI}


def _is_loopback(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_http = parts.scheme == "http" and address.isascii() and not parts.fragment
    return is_http and parts.hostname in LOOPBACK_HOSTS

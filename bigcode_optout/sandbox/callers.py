"""Who is asking: nobody, a person's token, or an app with id and secret."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from .grants import Token
from .messages import Refused, Request
from .records import Account
from .world import World

ANONYMOUS_LIMIT = 60
AUTHENTICATED_LIMIT = 5000


@dataclass(frozen=True)
class Caller:
    """``key`` names whose allowance is used; ``label`` is how the limit message calls them."""

    key: str
    label: str
    limit: int
    account: Account | None = None
    token: Token | None = None
    client_id: str | None = None

    def require_account(self) -> Account:
        """The signed-in account; raises Refused (401) for everybody else."""
        if self.account is None:
            raise Refused(401, "Requires authentication")
        return self.account

    def has_scope(self, *scopes: str) -> bool:
        """Whether the token carries one of ``scopes``."""
        return self.token is not None and self.token.covers(*scopes)


def anonymous(request: Request) -> Caller:
    """Somebody without credentials, counted by address."""
    return Caller(f"address {request.client_address}", request.client_address, ANONYMOUS_LIMIT)


def identify(request: Request, world: World, clients: Mapping[str, str]) -> Caller:
    """Read ``Authorization`` (``token``, ``Bearer`` or ``Basic``); raises Refused (401) if it is wrong."""
    scheme, _, credentials = request.header("authorization").strip().partition(" ")
    if not scheme:
        return anonymous(request)
    if scheme.lower() == "basic":
        return _app(credentials, clients)
    token = world.grants.tokens.get(credentials.strip()) if scheme.lower() in ("token", "bearer") else None
    if token is None:
        raise Refused(401, "Bad credentials")
    account = world.accounts[token.account_id]
    return Caller(f"user {account.id}", f"user ID {account.id}", AUTHENTICATED_LIMIT, account, token)


def is_client(client_id: str, client_secret: str, clients: Mapping[str, str]) -> bool:
    """Whether this pair of id and secret is a registered app's."""
    expected = clients.get(client_id)
    return expected is not None and hmac.compare_digest(expected.encode(), client_secret.encode())


def _app(credentials: str, clients: Mapping[str, str]) -> Caller:
    try:
        client_id, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Refused(401, "Bad credentials") from None
    if not is_client(client_id, secret, clients):
        raise Refused(401, "Bad credentials")
    return Caller(f"app {client_id}", f"app {client_id}", AUTHENTICATED_LIMIT, client_id=client_id)

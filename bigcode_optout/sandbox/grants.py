"""OAuth codes, tokens and grants, as GitHub keeps them."""

import base64
import hashlib
import hmac
import itertools
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass

CODE_LIFETIME_SECONDS = 600
# GitHub's "Scopes for OAuth apps": a wider scope includes the narrower ones.
INCLUDED_SCOPES = {
    "admin:org": {"write:org", "read:org"},
    "write:org": {"read:org"},
    "user": {"read:user", "user:email", "user:follow"},
    "repo": {"public_repo"},
}


@dataclass(frozen=True)
class Code:
    """What a one-time code stands for; ``expires_at`` in epoch seconds."""

    account_id: int
    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str
    expires_at: float

    def is_answered_by(self, verifier: str) -> bool:
        """Whether the PKCE verifier fits (RFC 7636, S256); without a challenge nothing is asked."""
        if not self.challenge:
            return True
        digest = hashlib.sha256(verifier.encode()).digest()
        expected = base64.urlsafe_b64encode(digest).rstrip(b"=")
        return hmac.compare_digest(expected, self.challenge.encode())


@dataclass(frozen=True)
class Token:
    """An access token of one account for one app."""

    id: int
    value: str
    account_id: int
    client_id: str
    scopes: tuple[str, ...]
    created_at: float

    def covers(self, *scopes: str) -> bool:
        """Whether one of ``scopes`` was granted, by itself or within a wider one."""
        held = set(self.scopes).union(*(INCLUDED_SCOPES.get(scope, set()) for scope in self.scopes))
        return not held.isdisjoint(scopes)


class Grants:
    """Codes and tokens in memory; the caller holds the world's lock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.codes: dict[str, Code] = {}
        self.tokens: dict[str, Token] = {}
        self.scopes: dict[tuple[int, str], tuple[str, ...]] = {}
        self._ids = itertools.count(730_001)

    def issue_code(
        self,
        account_id: int,
        client_id: str,
        *,
        redirect_uri: str,
        scopes: Iterable[str],
        challenge: str = "",
    ) -> str:
        """A code that lives ten minutes and works once."""
        value = secrets.token_hex(10)
        expires_at = self.clock() + CODE_LIFETIME_SECONDS
        self.codes[value] = Code(account_id, client_id, redirect_uri, tuple(scopes), challenge, expires_at)
        return value

    def take_code(self, value: str, client_id: str) -> Code | None:
        """The code's meaning, once; None if it is unknown, used, expired or another app's."""
        code = self.codes.get(value)
        if code is None or code.client_id != client_id:
            return None
        del self.codes[value]
        return code if code.expires_at > self.clock() else None

    def granted(self, account_id: int, client_id: str) -> tuple[str, ...] | None:
        """The scopes granted so far; None if the app was never let in or was put out again."""
        return self.scopes.get((account_id, client_id))

    def issue_token(self, account_id: int, client_id: str, scopes: Iterable[str], value: str = "") -> Token:
        """A token with ``scopes`` and all granted before: on GitHub they add up until the grant goes.

        ``value`` is for a world that knows its tokens beforehand; drawn by chance else.
        """
        before = self.granted(account_id, client_id) or ()
        held = tuple(sorted({*before, *scopes}))
        self.scopes[account_id, client_id] = held
        value = value or "gho_" + secrets.token_hex(18)
        token = Token(next(self._ids), value, account_id, client_id, held, self.clock())
        self.tokens[value] = token
        return token

    def revoke_token(self, value: str) -> None:
        """End one token; the grant and its scopes stay."""
        self.tokens.pop(value, None)

    def revoke_grant(self, account_id: int, client_id: str) -> None:
        """End the app's authorisation: all its tokens of the account and the scopes granted so far."""
        self.scopes.pop((account_id, client_id), None)
        self._keep(lambda token: (token.account_id, token.client_id) != (account_id, client_id))

    def forget_account(self, account_id: int) -> None:
        """End everything of a deleted account."""
        self.scopes = {key: row for key, row in self.scopes.items() if key[0] != account_id}
        self.codes = {key: row for key, row in self.codes.items() if row.account_id != account_id}
        self._keep(lambda token: token.account_id != account_id)

    def _keep(self, wanted: Callable[[Token], bool]) -> None:
        self.tokens = {value: token for value, token in self.tokens.items() if wanted(token)}

"""Tokens for scripts: made and revoked by release managers, known again by their hash."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Forbidden, Missing, Refused
from bigcode_optout.releases.access_models import SCOPE_COLUMNS, AccessToken

_BEGIN = "bcx"
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
# A token that is in use is written at most so often.
_USE_IS_NOTED_AFTER = timedelta(minutes=1)
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Issued:
    """A new token. `text` is the token itself: to be shown once, and kept nowhere."""

    token: AccessToken
    text: str = field(repr=False)


def issue(
    *,
    holder: str,
    scopes: Collection[str],
    expires_at: datetime,
    has_accepted_terms: bool,
    by: User | None,
) -> Issued:
    """Make a token of 256 random bits. Only its SHA-256 is kept.

    Raises `Forbidden`; `Refused` without holder or scope, for a day that is past or more than a year away, and for
    the scope `keyed` while the holder has not accepted the terms.
    """
    _require(by, "releases.issue_accesstoken")
    require_issuable(
        holder=holder, scopes=scopes, expires_at=expires_at, has_accepted_terms=has_accepted_terms
    )
    prefix = f"{_BEGIN}_{''.join(secrets.choice(_LETTERS) for _ in range(8))}"
    text = f"{prefix}_{secrets.token_urlsafe(32)}"
    token = AccessToken.objects.create(
        holder=holder.strip(),
        prefix=prefix,
        secret_sha256=_hash(text),
        expires_at=expires_at,
        terms_accepted_at=clock.now() if has_accepted_terms else None,
        created_by=by,
        **{column: scope in scopes for scope, column in SCOPE_COLUMNS.items()},
    )
    return Issued(token, text)


def require_issuable(
    *, holder: str, scopes: Collection[str], expires_at: datetime, has_accepted_terms: bool
) -> None:
    """Raise `Refused` for what `issue` refuses."""
    now = clock.now()
    if not holder.strip():
        raise Refused("no_holder", "Say who gets the token.")
    if not scopes:
        raise Refused("no_scope", "Say what the token is for.")
    if not now < expires_at <= now + LONGEST:
        raise Refused("no_expiry", "A token ends on a day to come, within a year.")
    if AccessToken.Scope.KEYED in scopes and not has_accepted_terms:
        raise Refused(
            "terms_not_accepted",
            "Keyed lists go only to holders who accepted the terms for holders of copies.",
        )


def revoke(*, token_id: int, by: User | None) -> AccessToken:
    """End a token now; one that was revoked before stays as it was. Raises `Forbidden` and `Missing`."""
    _require(by, "releases.revoke_accesstoken")
    token = AccessToken.objects.filter(pk=token_id).first()
    if token is None:
        raise Missing("no_token", "There is no such token.")
    standing = AccessToken.objects.filter(pk=token_id, revoked_at__isnull=True)
    standing.update(revoked_at=clock.now(), revoked_by=by)
    token.refresh_from_db()
    return token


def token_for(text: str) -> AccessToken | None:
    """The usable token that `text` is, or None: unknown, wrong, revoked and expired are not told apart.

    Notes the use, at most once a minute.
    """
    prefix = text[: len(_BEGIN) + 9]
    # What no token is made of must not reach the database: PostgreSQL refuses some of it.
    if not (text.isascii() and text.isprintable() and prefix.startswith(f"{_BEGIN}_")):
        return None
    token = AccessToken.objects.filter(prefix=prefix).first()
    if token is None or not hmac.compare_digest(token.secret_sha256, _hash(text)) or not token.is_usable:
        return None
    _note_use(token)
    return token


def _note_use(token: AccessToken) -> None:
    now = clock.now()
    if token.last_used_at is None or token.last_used_at <= now - _USE_IS_NOTED_AFTER:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - _USE_IS_NOTED_AFTER)
        AccessToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def _hash(text: str) -> str:
    # Without salt and stretching, since nobody can guess 256 random bits.
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _require(by: User | None, permission: str) -> None:
    if by is not None and not by.has_perm(permission):
        raise Forbidden("no_permission", "You are not a release manager.")

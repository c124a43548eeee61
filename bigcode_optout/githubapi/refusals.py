"""Which error a status from 300 on stands for, and how the two rate limits are told apart."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bigcode_optout.githubapi.credentials import Credentials
from bigcode_optout.githubapi.errors import (
    BadAnswer,
    BadCredentials,
    Forbidden,
    GitHubError,
    NotFound,
    RateLimited,
    RefusalReason,
    Unavailable,
)
from bigcode_optout.githubapi.transport import Exchange

_SECONDARY_TEXTS = ("secondary rate limit", "abuse detection")
_SSO_TEXTS = ("saml", "single sign-on")
_POLICY_TEXTS = ("access restrictions", "ip allow list", "organization policy", "enterprise policy")
_SHORTEST_WAIT = timedelta(seconds=1)
_LONGEST_WAIT = timedelta(hours=24)
_UNTOLD_SECONDS = 60.0


def refusal(exchange: Exchange, credentials: Credentials, now: datetime) -> GitHubError:
    """The error for an answer that did not succeed; `now` is an aware UTC time.

    Sources: GitHub's documentation, "Troubleshooting the REST API" and "Rate limits for the REST API".
    """
    status = exchange.status
    if status == 401:
        return BadCredentials(is_ours=credentials.is_app)
    if status in (404, 410):
        return NotFound(f"status {status}")
    if status in (403, 429):
        text = _message(exchange.body)
        return _rate_limit(exchange, text, now) or Forbidden(_reason(exchange.headers, text))
    if status == 451:
        return Forbidden("other")
    if status == 408 or status >= 500:
        return Unavailable(f"status {status}")
    return BadAnswer(f"status {status}")


def _message(body: bytes) -> str:
    try:
        parsed = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return ""
    text = parsed.get("message") if isinstance(parsed, dict) else None
    return text.lower() if isinstance(text, str) else ""


def _rate_limit(exchange: Exchange, text: str, now: datetime) -> RateLimited | None:
    retry_after = _number(exchange.headers, "retry-after")
    is_used_up = _number(exchange.headers, "x-ratelimit-remaining") == 0
    says_secondary = any(words in text for words in _SECONDARY_TEXTS)
    if not (exchange.status == 429 or is_used_up or says_secondary or retry_after is not None):
        return None
    is_secondary = says_secondary or not is_used_up
    reset = _number(exchange.headers, "x-ratelimit-reset") if is_used_up else None
    return RateLimited(_retry_at(now, retry_after, reset), is_secondary)


def _retry_at(now: datetime, retry_after: float | None, reset: float | None) -> datetime:
    """`retry-after` (seconds) first, then the reset (epoch seconds), else a minute, as GitHub asks."""
    if retry_after is not None:
        seconds = retry_after
    elif reset is not None:
        seconds = reset - now.timestamp()
    else:
        seconds = _UNTOLD_SECONDS
    longest = _LONGEST_WAIT.total_seconds()
    wait = timedelta(seconds=min(seconds, longest))
    return now.astimezone(UTC) + max(wait, _SHORTEST_WAIT)


def _number(headers: Mapping[str, str], name: str) -> float | None:
    value = headers.get(name, "")
    return float(value) if value.isascii() and value.isdigit() and len(value) <= 15 else None


def _reason(headers: Mapping[str, str], text: str) -> RefusalReason:
    if "x-github-sso" in headers or any(words in text for words in _SSO_TEXTS):
        return "sso"
    return "policy" if any(words in text for words in _POLICY_TEXTS) else "other"

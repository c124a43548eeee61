"""The hash chain of a request's events: plain values in, hashes out. No Django, so that a migration may use it."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

# Stands at the head of each canonical form: another form gets another number, and old rows keep theirs.
_FORM = 1


@dataclass(frozen=True)
class Link:
    """What an event's hash covers. The words of an event are covered by `text_hash` alone, so they can be erased."""

    request_id: int
    number: int
    code: str
    by_role: str
    by_id: int | None
    from_state: str
    to_state: str
    data: Mapping[str, Any]
    is_internal: bool
    happened_at: datetime
    text_hash: str
    previous_hash: str

    @property
    def hash(self) -> str:
        """SHA-256, in hexadecimal, of the values as canonical JSON: a list in a fixed order, keys sorted, in UTC."""
        values = [
            _FORM,
            self.request_id,
            self.number,
            self.code,
            self.by_role,
            self.by_id,
            self.from_state,
            self.to_state,
            _plain(self.data),
            self.is_internal,
            self.happened_at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.text_hash,
            self.previous_hash,
        ]
        return _sha256(json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True))


def new_salt() -> str:
    """128 random bits in hexadecimal. They stand with the words and go with them: no guess can be tried afterwards."""
    return secrets.token_hex(16)


def hash_of_text(salt: str, text: str) -> str:
    """SHA-256 of salt and words, in hexadecimal; empty for no words."""
    return _sha256(f"{salt}\n{text}") if text else ""


def seal(salt: str, values: Sequence[Any]) -> str:
    """What an event keeps of values that it must not say: 128 bits, in hexadecimal, of SHA-256 of salt and values. The
    salt stands with the values and goes with them."""
    text = json.dumps(_plain(values), separators=(",", ":"), ensure_ascii=True)
    return _sha256(f"{salt}\n{text}")[:32]


def _plain(value: Any) -> Any:
    """As every database gives it back: keys are strings, and a number without a fraction is a whole one."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

"""The public keys that count: what the desk serves under `/.well-known/` and a builder keeps as a file.

A JSON object: `format_version` (1) and `keys`, a list of objects with `key_id`, `algorithm` (`Ed25519`),
`public_key` (PEM), `valid_from` and `valid_until` (days, the latter may be null: until further notice) and
`revoked_on` (a day or null). Days are those on which a list was frozen. A revoked key signs nothing, whatever
day a list names, since whoever stole the key can write any day into it.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from .errors import KeyRefused, SignatureRefused
from .signing import is_signed_by, key_id_of, parse_signature, public_key_from_pem

FORMAT_VERSION = 1
ALGORITHM = "Ed25519"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One key of the set. Raises KeyRefused for a key whose id is another's, or whose days make no sense."""

    key_id: str
    public_key: str
    valid_from: date
    valid_until: date | None = None
    revoked_on: date | None = None

    def __post_init__(self) -> None:
        if key_id_of(public_key_from_pem(self.public_key)) != self.key_id:
            raise KeyRefused(f"The key {self.key_id!r} has another public key than its id says.")
        if self.valid_until and self.valid_until < self.valid_from:
            raise KeyRefused(f"The key {self.key_id} ends before it begins.")

    @classmethod
    def of(cls, pem: str, *, valid_from: date) -> "PublicKey":
        """Return the entry of a new key."""
        return cls(key_id_of(public_key_from_pem(pem)), pem, valid_from)

    def refusal_on(self, day: date) -> str | None:
        """Return why a signature of this key does not count for something of `day`, or None if it does."""
        if self.revoked_on:
            return f"The key {self.key_id} was revoked on {self.revoked_on}: nothing that it signed counts."
        if day < self.valid_from:
            return f"The key {self.key_id} is valid from {self.valid_from}; this is of {day}."
        if self.valid_until and day > self.valid_until:
            return f"The key {self.key_id} was valid until {self.valid_until}; this is of {day}."
        return None


class KeySet:
    """Public keys by id. Raises KeyRefused if two have the same."""

    def __init__(self, keys: Iterable[PublicKey]) -> None:
        self.keys = tuple(keys)
        self._by_id = {key.key_id: key for key in self.keys}
        if len(self._by_id) != len(self.keys):
            raise KeyRefused("The key set has the same key twice.")

    @classmethod
    def from_json(cls, content: bytes) -> "KeySet":
        """Return the set of a document. Raises KeyRefused with a sentence."""
        try:
            stored: Any = json.loads(content)
        except (ValueError, RecursionError) as wrong:
            raise KeyRefused("The key set is not JSON.") from wrong
        if not isinstance(stored, dict) or stored.get("format_version") != FORMAT_VERSION:
            raise KeyRefused(f"The key set is not one of format version {FORMAT_VERSION}.")
        if not isinstance(stored.get("keys"), list):
            raise KeyRefused("The key set has no list of keys.")
        return cls(_key(item) for item in stored["keys"])

    def to_json(self) -> bytes:
        """Return the document, in the order given."""
        keys = [asdict(key) | {"algorithm": ALGORITHM} for key in self.keys]
        document = {"format_version": FORMAT_VERSION, "keys": keys}
        return (json.dumps(document, indent=2, default=date.isoformat) + "\n").encode("ascii")

    def counting(self, key_id: str, *, day: date | None) -> PublicKey:
        """Return the key of that id. Raises SignatureRefused if the set has none, or if what it signed on the
        day does not count; without a day only whether it was revoked is asked.
        """
        key = self._by_id.get(key_id)
        if key is None:
            raise SignatureRefused(
                f"The key {key_id} is not in the key set; the signature cannot be checked."
            )
        if refusal := key.refusal_on(day or key.valid_from):
            raise SignatureRefused(refusal)
        return key

    def verify(self, content: bytes, signature: bytes, *, key_id: str | None, day: date) -> None:
        """Raise SignatureRefused unless the signature file's line is a valid signature of `content`.

        `key_id` is the one that the content names itself, `day` the day it is of.
        """
        if key_id is None:
            raise SignatureRefused("The manifest names no key: the list is not signed.")
        signed_with, raw = parse_signature(signature)
        if signed_with != key_id:
            raise SignatureRefused(
                f"The signature is of the key {signed_with}; the manifest names {key_id!r}."
            )
        key = self.counting(key_id, day=day)
        if not is_signed_by(public_key_from_pem(key.public_key), content, raw):
            raise SignatureRefused("The signature is wrong: manifest or signature were changed.")


def _key(item: Any) -> PublicKey:
    if not isinstance(item, dict) or item.get("algorithm") != ALGORITHM:
        raise KeyRefused(f"The key set has a key that is not of {ALGORITHM}.")
    if not isinstance(item.get("key_id"), str) or not isinstance(item.get("public_key"), str):
        raise KeyRefused("The key set has a key without its id or its public key.")
    start = _day(item, "valid_from")
    if start is None:
        raise KeyRefused(f"The key {item['key_id']!r} does not say from when it is valid.")
    return PublicKey(
        item["key_id"], item["public_key"], start, _day(item, "valid_until"), _day(item, "revoked_on")
    )


def _day(item: dict[str, Any], name: str) -> date | None:
    # A key that does not say whether it was revoked is not taken for one that was not.
    if name not in item:
        raise KeyRefused(f"The key {item['key_id']!r} has no {name}.")
    if item[name] is None:
        return None
    try:
        return date.fromisoformat(item[name])
    except (TypeError, ValueError) as wrong:
        raise KeyRefused(f"{name} of the key {item['key_id']!r} is not a day.") from wrong

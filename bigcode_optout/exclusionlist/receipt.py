"""Sign a JSON document, and check it offline: receipts, and reports whose maker signs them.

The document is a JSON object whose member `signature` has `algorithm` (`ed25519`), `key_id` and `value` (the 64
bytes of RFC 8032 in base64). Signed is the canonical form of the object without that member: keys sorted, no
blanks, UTF-8, nothing but the characters that JSON must escape escaped. Whoever shows the document may lay it
out as they like.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from .errors import ListBroken, SignatureRefused
from .key_set import KeySet
from .signing import SigningKey, is_signed_by, parse_signature, public_key_from_pem

SIGNATURE = "signature"
ALGORITHM = "ed25519"
ISSUED_ON = "issued_on"
"""The day a document is of, `YYYY-MM-DD`. Where it is there, the key must have been valid on it."""

_NO_SIGNATURE = "The document’s signature is cut off or changed."


class ReceiptRefused(ListBroken):
    """A document that cannot be taken for what somebody signed."""


def canonical(body: Mapping[str, Any]) -> bytes:
    """Return the bytes that are signed. Raises TypeError or ValueError for what JSON cannot hold."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def sign_receipt(body: dict[str, Any], key: SigningKey) -> dict[str, Any]:
    """Return the body with its `signature`; the same for the same body and key, always.

    Raises ValueError for a body that is signed already, TypeError or ValueError for what JSON cannot hold.
    """
    if SIGNATURE in body:
        raise ValueError("The document has a signature already.")
    _, raw = parse_signature(key.signature_of(canonical(body)))
    value = base64.b64encode(raw).decode("ascii")
    return body | {SIGNATURE: {"algorithm": ALGORITHM, "key_id": key.key_id, "value": value}}


def check_receipt(document: Mapping[str, Any], keys: KeySet) -> str:
    """Return the id of the key that signed the document. Raises SignatureRefused with a sentence: it is not
    signed, the key is not of the set or does not count, or the document was changed.
    """
    key_id, raw = _signature_of(document)
    body = {name: value for name, value in document.items() if name != SIGNATURE}
    key = keys.counting(key_id, day=_day_of(body))
    if not is_signed_by(public_key_from_pem(key.public_key), canonical(body), raw):
        raise SignatureRefused("The document was changed after it was signed, or its signature was.")
    return key_id


def read_document(path: Path) -> dict[str, Any]:
    """Return the JSON object of a file. Raises ReceiptRefused for anything else, and for a name that stands
    twice in one object: readers would see one of the values, the signature another.
    """
    try:
        document = json.loads(path.read_bytes(), object_pairs_hook=_without_twins)
    except OSError as wrong:
        raise ReceiptRefused(f"{path} cannot be read: {wrong.strerror}.") from wrong
    except (ValueError, RecursionError) as wrong:
        raise ReceiptRefused(f"{path} is not JSON: it is cut off or changed.") from wrong
    if not isinstance(document, dict):
        raise ReceiptRefused(f"{path} is not a JSON object.")
    return document


def _signature_of(document: Mapping[str, Any]) -> tuple[str, bytes]:
    signature = document.get(SIGNATURE)
    if signature is None:
        raise SignatureRefused("The document is not signed: anybody could have written it.")
    if not isinstance(signature, dict) or signature.get("algorithm") != ALGORITHM:
        raise SignatureRefused(f"The document’s signature is not one of {ALGORITHM}.")
    key_id, value = signature.get("key_id"), signature.get("value")
    if not isinstance(key_id, str) or not isinstance(value, str):
        raise SignatureRefused("The document’s signature lacks its key or its value.")
    try:
        raw = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise SignatureRefused(_NO_SIGNATURE) from wrong
    # Base64 can say the same bytes in several ways; only one of them is taken.
    if base64.b64encode(raw).decode("ascii") != value:
        raise SignatureRefused(_NO_SIGNATURE)
    return key_id, raw


def _day_of(body: Mapping[str, Any]) -> date | None:
    if (day := body.get(ISSUED_ON)) is None:
        return None
    try:
        return date.fromisoformat(day)
    except (TypeError, ValueError) as wrong:
        raise SignatureRefused(f"The document’s {ISSUED_ON} is not a day.") from wrong


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found

"""An authenticator app, by RFC 6238 and the standard library alone: what the desk checks is not what made the code."""

import base64
import hmac
import struct
import time


def totp(secret: str, *, at: float | None = None, step: int = 0) -> str:
    """The six digits of `secret` now, or `step` half minutes later."""
    count = int((time.time() if at is None else at) // 30) + step
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", count), "sha1").digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"

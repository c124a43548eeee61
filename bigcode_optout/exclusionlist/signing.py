"""Ed25519 over the bytes of `manifest.json`: the key that signs, and the file that stands beside.

`manifest.json.sig` is one line of ASCII: `ed25519`, the key id, and the 64 bytes of the signature (RFC 8032)
in base64, with one blank between and a line feed at the end. The key id is also in the manifest, so that it is
signed itself. It is the first 32 hexadecimal digits of the SHA-256 of the public key in DER
(SubjectPublicKeyInfo, RFC 8410), which `openssl pkey -pubin -outform DER` prints.
"""

import base64
import hashlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from .errors import KeyRefused, SignatureRefused
from .manifest import MANIFEST_NAME

SIGNATURE_NAME = MANIFEST_NAME + ".sig"
_KEY_ID = r"[0-9a-f]{32}"
_LINE = re.compile(rf"ed25519 ({_KEY_ID}) ([A-Za-z0-9+/]{{86}}==)\n".encode("ascii"))


class SigningKey:
    """A private key; its `repr` does not show it."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public_pem = (
            private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
        )
        self.key_id = key_id_of(private.public_key())

    @classmethod
    def generate(cls) -> "SigningKey":
        """Return a new key."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: bytes) -> "SigningKey":
        """Return the key of an unencrypted PKCS #8 PEM file. Raises KeyRefused."""
        try:
            private = load_pem_private_key(pem, password=None)
        # A TypeError says that the file asks for a password.
        except (ValueError, TypeError) as wrong:
            raise KeyRefused("The signing key is not an unencrypted private key in PEM.") from wrong
        if not isinstance(private, Ed25519PrivateKey):
            raise KeyRefused("The signing key is not an Ed25519 key.")
        return cls(private)

    def to_pem(self) -> bytes:
        """Return the private key for its file, unencrypted."""
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def signature_of(self, content: bytes) -> bytes:
        """Return the content of the signature file; the same for the same content, always."""
        signature = base64.b64encode(self._private.sign(content)).decode("ascii")
        return f"ed25519 {self.key_id} {signature}\n".encode("ascii")


def public_key_from_pem(pem: str) -> Ed25519PublicKey:
    """Return a public key. Raises KeyRefused."""
    try:
        public = load_pem_public_key(pem.encode("utf-8"))
    except ValueError as wrong:
        raise KeyRefused("A public key is not one in PEM.") from wrong
    if not isinstance(public, Ed25519PublicKey):
        raise KeyRefused("A public key is not an Ed25519 key.")
    return public


def key_id_of(public: Ed25519PublicKey) -> str:
    """Return the key's id; nobody can make another key with the same one."""
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()[:32]


def parse_signature(line: bytes) -> tuple[str, bytes]:
    """Return key id and signature of a signature file. Raises SignatureRefused."""
    match = _LINE.fullmatch(line)
    signature = base64.b64decode(match[2]) if match else b""
    # Base64 can say the same bytes in several ways; only one of them is taken, so that no flipped byte passes.
    if not match or base64.b64encode(signature) != match[2]:
        raise SignatureRefused(f"{SIGNATURE_NAME} is not a signature: it is cut off or changed.")
    return match[1].decode("ascii"), signature


def is_signed_by(public: Ed25519PublicKey, content: bytes, signature: bytes) -> bool:
    """Say whether `signature` is the key's signature of `content`."""
    try:
        public.verify(signature, content)
    except InvalidSignature:
        return False
    return True

"""Answers to ask about again by their ETag: an unchanged one comes as 304, which GitHub does not count.

Kept are answers to the site's own questions only. A person's token lives for one call-back and never asks the same
twice, so nothing is kept under it. Of an answer only the fields that `answers` reads are kept: no profile is copied.
Source: GitHub's documentation, "Best practices for using the REST API", conditional requests.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

_LARGEST_CHARACTERS = 100_000
# Kept answers of another shape are not found any more.
_FORM = 1


class _Shape(dict[str, "_Shape | None"]):
    """The keys that are kept; None stands for a value as it is."""


_ACCOUNT = _Shape(id=None, login=None, type=None, created_at=None)
_REPOSITORY = _Shape(
    id=None,
    full_name=None,
    fork=None,
    private=None,
    created_at=None,
    owner=_Shape(id=None, login=None, type=None),
    parent=_Shape(full_name=None),
)
# By operation. What is not named here is never kept: an organisation's profile is read for what it says right now.
_SHAPES = {
    "account": _ACCOUNT,
    "account_by_id": _ACCOUNT,
    "repository": _REPOSITORY,
    "repository_by_id": _REPOSITORY,
    "owner_repositories": _REPOSITORY,
}


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """`body` is JSON, `link` the header that leads to the next page (or empty)."""

    etag: str
    body: str
    link: str = ""


class AnswerStore(Protocol):
    """A bounded store. Methods must not fail: a store that is down knows nothing."""

    def find(self, key: str) -> KeptAnswer | None:
        """What was kept under the key, or None."""

    def keep(self, key: str, answer: KeptAnswer) -> None:
        """Keep it, in place of what was there."""


class NoStore:
    """Nothing is kept."""

    def find(self, key: str) -> KeptAnswer | None:
        """Nothing."""
        return None

    def keep(self, key: str, answer: KeptAnswer) -> None:
        """Forgotten."""


def is_kept(operation: str) -> bool:
    """Whether answers to this operation may be kept."""
    return operation in _SHAPES


def key_of(salt: bytes, authorization: str, url: str) -> str:
    """The name to keep an answer under: 64 hexadecimal digits from which nobody gets back to secret or address."""
    return hmac.new(salt, f"{_FORM}\0{authorization}\0{url}".encode(), hashlib.sha256).hexdigest()


def kept(operation: str, body: object, headers: Mapping[str, str]) -> KeptAnswer | None:
    """What to keep of a good answer; None without an etag, or if it is too large."""
    etag = headers.get("etag", "")
    text = json.dumps(_reduced(body, _SHAPES[operation]), ensure_ascii=False, separators=(",", ":"))
    if not etag or len(text) > _LARGEST_CHARACTERS:
        return None
    return KeptAnswer(etag, text, headers.get("link", ""))


def _reduced(value: object, shape: _Shape | None) -> object:
    if shape is None:
        return value
    if isinstance(value, list):
        return [_reduced(one, shape) for one in value]
    if isinstance(value, dict):
        return {key: _reduced(value[key], inner) for key, inner in shape.items() if key in value}
    return value

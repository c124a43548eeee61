"""The keyed form: names and repository ids under HMAC-SHA-256, so that copies can be cleaned without names.

Whoever holds a copy of a dataset can test what they hold against the list; nobody can read names out of it.
With the key, known names can be tested, so the key is handed over like the list itself.
"""

import hmac
import re
import secrets
import struct
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from .errors import KeyRefused, ListBroken
from .rules import SCOPE_KINDS, Rule
from .schema import Column, Row, check_row

REPO_ID = "repo_id"
KEYED_KINDS = ("owner", "repository", REPO_ID)
KEYED_COLUMNS = (
    Column("kind", "string", False),
    Column("tag", "string", False),
    Column("name_valid_until", "date32", True),
    Column("files", "bool", False),
    Column("commits", "bool", False),
    Column("issues", "bool", False),
)
_KEY_BYTES = 32
_PACKED = struct.Struct(">32sIBB")
_NO_DAY = 2**32 - 1
# Which scope kinds a number of three bits stands for, the first kind in the lowest.
_SCOPES = [tuple(bool(bits >> place & 1) for place in range(len(SCOPE_KINDS))) for bits in range(8)]
_BITS = {scopes: bits for bits, scopes in enumerate(_SCOPES)}
_HEXADECIMAL = re.compile(r"[0-9a-f]{64}")


class ListKey:
    """The secret of one release's keyed list: 32 random bytes, as text 64 hexadecimal digits.

    Raises KeyRefused for anything else. Its `repr` does not show it.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) != _KEY_BYTES:
            raise KeyRefused(f"The key of a keyed list has {_KEY_BYTES} bytes, not {len(secret)}.")
        self._secret = secret

    @classmethod
    def generate(cls) -> "ListKey":
        """Return a new key. Each release has its own, so that lists of two releases cannot be compared."""
        return cls(secrets.token_bytes(_KEY_BYTES))

    @classmethod
    def from_text(cls, text: str) -> "ListKey":
        """Return the key of a key file's text; line ends and blanks around it do not matter."""
        if not _HEXADECIMAL.fullmatch(text.strip()):
            raise KeyRefused("The key of a keyed list is 64 hexadecimal digits in lower case.")
        return cls(bytes.fromhex(text.strip()))

    def to_text(self) -> str:
        """Return the text for a key file."""
        return self._secret.hex() + "\n"

    def tag(self, kind: str, text: str) -> str:
        """Return the tag of a folded name, or of an id in decimal; `kind` keeps the three spaces apart."""
        return hmac.digest(self._secret, f"{kind}:{text}".encode("ascii"), "sha256").hex()

    @property
    def check(self) -> str:
        """What a manifest says about the key, so that a wrong one is noticed instead of matching nothing."""
        return self.tag("key-check", "")


class KeyedRow(NamedTuple):
    """One tag and what is asked for under it. A number has no date: it belongs to nobody else later."""

    kind: str
    tag: str
    name_valid_until: date | None
    files: bool
    commits: bool
    issues: bool


def sorted_keyed_rows(rules: Iterable[Rule], key: ListKey) -> Iterator[KeyedRow]:
    """Yield the rows of rules in their total order; ordered by tag, so that the order gives no name away.

    Rules of the same name and date (or of the same id) become one row that asks for what any of them asks.
    """
    # Packed, since the rows of a large list would take more memory than its rules.
    for packed in sorted(_packed_rows(rules, key)):
        yield _unpacked(packed)


def keyed_rows_of(rows: Iterable[Mapping[str, Any]]) -> list[KeyedRow]:
    """Return the rows of a file. Raises ListBroken for other columns, kinds, tags, or another order."""
    result: list[KeyedRow] = []
    for number, row in enumerate(rows, start=1):
        check_row(row, KEYED_COLUMNS, number=number)
        keyed = KeyedRow(**row)
        if keyed.kind not in KEYED_KINDS:
            raise ListBroken(f"Row {number} is for {keyed.kind!r}; known are {', '.join(KEYED_KINDS)}.")
        if not _HEXADECIMAL.fullmatch(keyed.tag):
            raise ListBroken(f"Row {number} has no proper tag: {keyed.tag!r}.")
        if not (keyed.files or keyed.commits or keyed.issues):
            raise ListBroken(f"Row {number} asks for nothing: neither files, commits nor issues.")
        if result and _order(result[-1]) >= _order(keyed):
            raise ListBroken(f"Row {number} does not stand in the order of a keyed list.")
        result.append(keyed)
    return result


def row_from_keyed(row: KeyedRow) -> Row:
    """Return the row's values by column."""
    return row._asdict()


def _packed_rows(rules: Iterable[Rule], key: ListKey) -> Iterator[bytes]:
    by_id: dict[int, int] = {}
    for (kind, name_key), same_name in groupby(rules, key=attrgetter("kind", "name_key")):
        by_date: dict[date | None, int] = {}
        for rule in same_name:
            bits = _BITS[rule.files, rule.commits, rule.issues]
            by_date[rule.name_valid_until] = by_date.get(rule.name_valid_until, 0) | bits
            if rule.repo_id is not None:
                by_id[rule.repo_id] = by_id.get(rule.repo_id, 0) | bits
        for until, bits in by_date.items():
            yield _packed(key, kind, name_key, until, bits)
    for number, bits in by_id.items():
        yield _packed(key, REPO_ID, str(number), None, bits)


def _packed(key: ListKey, kind: str, text: str, until: date | None, bits: int) -> bytes:
    """Tag, date and the rest in so many bytes that they sort as `_order` does."""
    day = until.toordinal() if until else _NO_DAY
    return _PACKED.pack(bytes.fromhex(key.tag(kind, text)), day, KEYED_KINDS.index(kind), bits)


def _unpacked(packed: bytes) -> KeyedRow:
    tag, day, kind, bits = _PACKED.unpack(packed)
    until = None if day == _NO_DAY else date.fromordinal(day)
    return KeyedRow(KEYED_KINDS[kind], tag.hex(), until, *_SCOPES[bits])


def _order(row: KeyedRow) -> tuple[Any, ...]:
    return (row.tag, row.name_valid_until is None, row.name_valid_until or date.min)

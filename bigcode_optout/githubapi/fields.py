"""Strict readers for the fields of an answer. Each raises BadAnswer naming the field, not its value."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from bigcode_optout.githubapi.errors import BadAnswer
from bigcode_optout.names import NameRefused, OwnerName, split_full_name

_LARGEST_ID = 2**63 - 1
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def parsed_json(body: bytes) -> object:
    """The JSON value of a UTF-8 body; refuses NaN and infinities, which Python's parser would let through."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    # RecursionError: nested deeper than the parser goes.
    except (ValueError, RecursionError):
        problem = BadAnswer("not JSON")
    # Not inside `except`: a JSONDecodeError carries the whole body, and would stay in `__context__`.
    raise problem


def _refuse_constant(_: str) -> object:
    raise ValueError


def mapping(value: object, what: str) -> Mapping[str, object]:
    """`value` as an object (`what` names it in the error)."""
    if not isinstance(value, dict):
        raise BadAnswer(what)
    return value


def identifier(body: Mapping[str, object], key: str) -> int:
    """A numeric id: an integer from 1 to 2**63 - 1. JSON's `true` is an int to Python, not to us."""
    value = body.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= _LARGEST_ID:
        raise BadAnswer(key)
    return value


def flag(body: Mapping[str, object], key: str) -> bool:
    """A required boolean."""
    value = body.get(key)
    if not isinstance(value, bool):
        raise BadAnswer(key)
    return value


def choice(body: Mapping[str, object], key: str, allowed: tuple[str, ...]) -> str:
    """A required string out of `allowed`."""
    value = body.get(key)
    if not isinstance(value, str) or value not in allowed:
        raise BadAnswer(key)
    return value


def text_or_none(body: Mapping[str, object], key: str) -> str | None:
    """An optional or null string; none that a database or a file could not hold (NUL, half surrogates)."""
    value = body.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or "\0" in value or not _is_encodable(value):
        raise BadAnswer(key)
    return value


def moment(body: Mapping[str, object], key: str) -> datetime:
    """A required date-time as GitHub writes it (RFC 3339), as an aware UTC time."""
    value = body.get(key)
    found: datetime | None = None
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            found = datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            found = None
    if found is None:
        raise BadAnswer(key)
    return found


def moment_or_none(body: Mapping[str, object], key: str) -> datetime | None:
    """The same where the schema lets it be null or absent."""
    return None if body.get(key) is None else moment(body, key)


def login(body: Mapping[str, object], key: str) -> str:
    """A required login, exactly as spelled; `parse_owner` would also mend it, and an answer is not mended."""
    value = body.get(key)
    if isinstance(value, str):
        try:
            return OwnerName(value).login
        except NameRefused:
            pass
    raise BadAnswer(key)


def full_name(body: Mapping[str, object], key: str) -> str:
    """A required `owner/name`, exactly as spelled."""
    value = body.get(key)
    name = split_full_name(value) if isinstance(value, str) else None
    if name is None:
        raise BadAnswer(key)
    return name.full_name


def _is_encodable(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True

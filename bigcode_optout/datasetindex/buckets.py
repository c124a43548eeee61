"""Owner buckets: all repositories of an owner stand in one file, whatever the spelling of its login."""

import hashlib

BUCKET_ROWS = 400_000
"""Rows a bucket should have: few enough to be sorted in a few hundred MB of memory."""

MOST_BUCKETS = 1024
_HEX_DIGITS = 3
"""Of the MD5 sum, with 4 bits each; MOST_BUCKETS needs 10 bits of them."""

MALFORMED = -1
"""The number under which rows without a valid name are kept apart while an index is built."""


def bucket_count(rows: int) -> int:
    """Return how many buckets `rows` rows go into: a power of two, so that it can be told by bits."""
    count = 1
    while count * BUCKET_ROWS < rows and count < MOST_BUCKETS:
        count *= 2
    return count


def bucket_of(owner_key: str, count: int) -> int:
    """Return the bucket of a folded login among `count` buckets: the first bits of its MD5 sum.

    MD5 because Python and DuckDB both have it and it will give the same numbers in ten years; nothing is
    kept safe by it.
    """
    digest = hashlib.md5(owner_key.encode(), usedforsecurity=False).hexdigest()
    return int(digest[:_HEX_DIGITS], 16) >> _shift(count)


def bucket_sql(owner_key: str, count: int) -> str:
    """Return SQL for `bucket_of`; `owner_key` is SQL for a folded login, not null."""
    if count == 1:
        return "0"
    return f"(('0x' || left(md5({owner_key}), {_HEX_DIGITS}))::INTEGER >> {_shift(count)})"


def _shift(count: int) -> int:
    return 4 * _HEX_DIGITS - (count.bit_length() - 1)

"""The one letter-case rule: A to Z become a to z, and nothing else changes.

GitHub compares logins and repository names without regard to ASCII letter case. `str.lower()` and the
`lower()` of databases also fold other letters (the Kelvin sign U+212A becomes "k"), which would let a
foreign name match a real one; so neither is used.
"""

from typing import Literal

Engine = Literal["duckdb", "postgresql", "sqlite"]

_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_TABLE = str.maketrans(_UPPER, _LOWER)


def fold(text: str) -> str:
    """Return `text` with A–Z lowered and every other character as it is."""
    # Where all is ASCII, lower() is the same and ten times as fast.
    return text.lower() if text.isascii() else text.translate(_TABLE)


def match_key(text: str) -> str | None:
    """Return the key under which `text` is compared, or None if it never matches (it is not all ASCII)."""
    return text.lower() if text.isascii() else None


def fold_sql(expression: str, engine: Engine = "duckdb") -> str:
    """Return SQL for `fold(expression)`; `expression` is SQL text (a column), never a visitor's words.

    Raises ValueError for an engine that the shared vectors do not run through.
    """
    if engine in ("duckdb", "postgresql"):
        return f"translate({expression}, '{_UPPER}', '{_LOWER}')"
    if engine == "sqlite":
        # SQLite has no translate(), and its lower() folds more than ASCII where it was built with ICU.
        for upper, lower in zip(_UPPER, _LOWER, strict=True):
            expression = f"replace({expression}, '{upper}', '{lower}')"
        return expression
    raise ValueError(f"No fold is known for the engine {engine!r}.")


def is_ascii_sql(expression: str, engine: Engine = "duckdb") -> str:
    """Return SQL that is true where `expression` is all ASCII (as many bytes as characters)."""
    if engine == "duckdb":
        return f"(strlen({expression}) = length({expression}))"
    if engine == "postgresql":
        return f"(octet_length({expression}) = char_length({expression}))"
    if engine == "sqlite":
        return f"(length(CAST({expression} AS BLOB)) = length({expression}))"
    raise ValueError(f"No test for ASCII is known for the engine {engine!r}.")


def match_key_sql(expression: str, engine: Engine = "duckdb") -> str:
    """Return SQL for `match_key(expression)`: the folded text, or NULL where it has a non-ASCII character."""
    if engine == "duckdb":
        # Where all is ASCII, DuckDB's lower() is the same in every locale and 25 times as fast as translate().
        return f"CASE WHEN {is_ascii_sql(expression)} THEN lower({expression}) END"
    return f"CASE WHEN {is_ascii_sql(expression, engine)} THEN {fold_sql(expression, engine)} END"

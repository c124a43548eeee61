"""The SQL that makes of a column's value the key that rules compare with. Null is what never matches."""

import pyarrow as pa

from bigcode_optout.names import match_key_sql

from .columns import Found

PULL = "/pull/[0-9]+$"
"""How BigCode's scripts end the name of a conversation about a pull request: `owner/name/pull/7`."""


def owner_key(column: Found) -> str:
    """Return SQL for the folded login before the first slash; a login column is one as a whole.

    The whole name must be ASCII: `ada/flasK` with a Kelvin sign is no repository of anybody. One that is malformed in
    another way (`ada/x/y`, `ada/`) still has its owner.
    """
    key = match_key_sql(_named(column))
    return (
        key
        if column.role == "login"
        else f"CASE WHEN contains({key}, '/') THEN split_part({key}, '/', 1) END"
    )


def full_key(column: Found) -> str:
    """Return SQL for the folded full name; null for a column that is not compared with repository rules."""
    return match_key_sql(_named(column)) if column.role in ("repository", "guid") else "CAST(NULL AS VARCHAR)"


def _named(column: Found) -> str:
    return f"regexp_replace({column.sql}, '{PULL}', '')" if column.role == "guid" else column.sql


def id_key(column: Found) -> str:
    """Return SQL for a repository's number. NaN, infinities and fractions are no numbers of anything.

    NaN is asked about first: DuckDB 2.0.0 casts it to an invented number where a footer's statistics leave
    it out.
    """
    whole = f"TRY_CAST({column.sql} AS BIGINT)"
    if pa.types.is_floating(column.type):
        value = f"CAST({column.sql} AS DOUBLE)"
        return f"CASE WHEN isfinite({value}) AND {value} = floor({value}) THEN {whole} END"
    return whole

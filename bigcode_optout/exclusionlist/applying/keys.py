"""The SQL that makes of a column's value the key that rules compare with. Null is what never matches."""

import pyarrow as pa

from bigcode_optout.names import match_key_sql

from .columns import Found

PULL = "/pull/[0-9]+$"
"""How BigCode's scripts end the name of a conversation about a pull request: `owner/name/pull/7`."""


def owner_key(column: Found) -> str:
    """Return SQL for the folded login before the first slash; a login column is one as a whole."""
    if column.role == "login":
        return match_key_sql(column.sql)
    owner = match_key_sql(f"split_part({column.sql}, '/', 1)")
    return f"CASE WHEN contains({column.sql}, '/') THEN {owner} END"


def full_key(column: Found) -> str:
    """Return SQL for the folded full name; null for a column that is not compared with repository rules."""
    if column.role == "guid":
        return match_key_sql(f"regexp_replace({column.sql}, '{PULL}', '')")
    return match_key_sql(column.sql) if column.role == "repository" else "CAST(NULL AS VARCHAR)"


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

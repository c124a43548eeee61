"""The SQL that makes a part's value of a column's."""


def whole(column: str) -> str:
    """Return SQL for a whole number; NULL for NaN, which some writers put where a float column has none.

    The smallest and largest value in a Parquet footer leave NaN out. DuckDB 2.0.0 takes them as the truth
    about the column, and with a cast alone a NaN comes out as an invented number, from a field of a struct
    too. Asked about first, it does not.
    """
    return f"CASE WHEN isnan(CAST({column} AS DOUBLE)) THEN NULL ELSE CAST({column} AS BIGINT) END"


def repository_id(column: str) -> str:
    """Return SQL for a repository id, 0 for none: ids are positive; writers without null put 0 or -1."""
    return f"greatest(coalesce({whole(column)}, 0), 0)"


def size(column: str) -> str:
    """Return SQL for a number of bytes, 0 where it is unknown."""
    return f"coalesce({whole(column)}, 0)"


def text(column: str) -> str:
    """Return SQL for a text; NULL where it is empty."""
    return f"nullif({column}, '')"

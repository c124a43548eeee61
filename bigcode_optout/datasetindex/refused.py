"""Sort the names of a dataset into valid ones and kinds of malformed ones, in SQL, by the rule of `names`."""

from bigcode_optout.names import REPOSITORY_PATTERN, fold_sql, is_ascii_sql

_LONGEST = 39 + 1 + 100


def is_valid_sql(column: str, owner_key: str | None = None) -> str:
    """Return SQL that is true for a valid full name and never null; `owner_key` is its `owner_key_sql`, if at hand."""
    owner = owner_key or owner_key_sql(column)
    return f"coalesce(regexp_full_match({column}, '{REPOSITORY_PATTERN}') AND {owner} <> 'ghost', false)"


def key_sql(valid_name: str) -> str:
    """Return SQL that folds a name that is known to be all ASCII.

    There, and only there, the engine's `lower` does what `names.fold_sql` does, and 20 times faster
    (measured with DuckDB 2.0.0: 0.2 and 2 microseconds a name).
    """
    return f"lower({valid_name})"


def owner_key_sql(valid_name: str) -> str:
    """Return SQL for the folded owner of a name that is known to be valid."""
    return key_sql(f"left({valid_name}, instr({valid_name}, '/') - 1)")


def kind_sql(column: str) -> str:
    """Return SQL that is NULL for a valid full name, else the kind of fault of the value of `column`."""
    return f"""CASE
        WHEN {column} IS NULL THEN 'null'
        WHEN {column} = '' THEN 'empty'
        WHEN NOT {is_ascii_sql(column)} THEN 'not_ascii'
        WHEN starts_with({fold_sql(column)}, 'ghost/') THEN 'ghost'
        WHEN regexp_full_match({column}, '{REPOSITORY_PATTERN}') THEN NULL
        WHEN regexp_matches({column}, '[\\x00-\\x1f\\x7f]') THEN 'control_character'
        WHEN contains({column}, ' ') THEN 'space'
        WHEN NOT contains({column}, '/') THEN 'no_slash'
        WHEN length({column}) - length(replace({column}, '/', '')) > 1 THEN 'too_many_slashes'
        WHEN length({column}) > {_LONGEST} OR length(split_part({column}, '/', 1)) > 39
             OR length(split_part({column}, '/', 2)) > 100 THEN 'too_long'
        ELSE 'not_a_name'
    END"""

"""The one regular expression for an owner, and the one for a repository.

They use only what Python's `re`, RE2 (DuckDB) and PostgreSQL read alike, and carry their own anchors. In
Python use them with `re.fullmatch`: with `re.search` the `$` would let a trailing line feed through.

Sources: owners have up to 39 letters, digits and hyphens; managed users have their enterprise's short code
after an underscore, within the same 39 (GitHub docs, "Username considerations for external
authentication"). Accounts from GitHub's first years have double or trailing hyphens and still exist.
Repository names have up to 100 letters, digits, `.`, `-`, `_` and are not `.` or `..`.
"""

OWNER_LENGTH = 39
REPOSITORY_NAME_LENGTH = 100

_SHORTEST_CODE, _LONGEST_CODE = 2, 12

# Neither RE2 nor PostgreSQL counts over two parts, so each length of the short code has its own branch.
_MANAGED = "|".join(
    f"[A-Za-z0-9-]{{1,{OWNER_LENGTH - 1 - length}}}_[A-Za-z0-9]{{{length}}}"
    for length in range(_SHORTEST_CODE, _LONGEST_CODE + 1)
)
_OWNER = f"(?:[A-Za-z0-9-]{{1,{OWNER_LENGTH}}}|{_MANAGED})"
# Three branches, so that "." and ".." fall through.
_NAME = (
    r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}"
    r"|\.[A-Za-z0-9_-][A-Za-z0-9._-]{0,98}"
    r"|\.\.[A-Za-z0-9._-]{1,98})"
)

OWNER_PATTERN = f"^{_OWNER}$"
"""A login: user, organization or managed user."""

REPOSITORY_NAME_PATTERN = f"^{_NAME}$"
"""The part after the slash alone."""

REPOSITORY_PATTERN = f"^{_OWNER}/{_NAME}$"
"""A full name, `owner/name`."""

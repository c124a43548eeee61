"""How many files this process may hold open: each file of a look-up store is mapped, and a map is an open file."""

from contextlib import suppress

MOST = 65_536
"""Enough for dozens of the largest indexes. Some systems allow a thousand million, over which older programs count."""


def allow_many() -> None:
    """Raise this process's own limit (often 1,024, of which one index may need all) as far as the system allows it."""
    try:
        import resource
    except ImportError:
        return  # Windows has no such limit.
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))

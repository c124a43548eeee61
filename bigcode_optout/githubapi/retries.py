"""When a task that GitHub did not help is tried again. The task is put back until then; nobody sleeps."""

from datetime import datetime, timedelta

from bigcode_optout.githubapi.errors import GitHubError, RateLimited

_FIRST_WAIT = timedelta(seconds=10)
_LONGEST_WAIT = timedelta(minutes=15)
_MOST_DOUBLINGS = 10


def next_try(error: GitHubError, *, now: datetime, tries: int) -> datetime:
    """The moment of the next try after `tries` tries without success (1 is the first).

    GitHub's own word where there is one; else 10 s, 20 s, … up to 15 minutes.
    """
    if isinstance(error, RateLimited):
        return max(error.retry_at, now)
    doubled: int = 2 ** min(max(tries - 1, 0), _MOST_DOUBLINGS)
    return now + min(_FIRST_WAIT * doubled, _LONGEST_WAIT)


def is_wait(error: GitHubError) -> bool:
    """Whether GitHub, or the shared budget, asked to wait: then it is not silent, and the try does not count."""
    return isinstance(error, RateLimited)

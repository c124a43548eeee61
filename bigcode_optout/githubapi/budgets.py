"""The hour's budget of the site's own calls. All workers spend from one; where it is kept is the caller's business.

A call with a person's token spends that person's budget, once in a while, and is not counted here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

LONGEST_BURST_WAIT = timedelta(minutes=15)
# A burst so long after the last wait has nothing to do with it.
BURSTS_ARE_APART = timedelta(minutes=10)
_FIRST_BURST_WAIT = timedelta(minutes=1)
_LONGEST_NUMBER = 12


@dataclass(frozen=True, slots=True)
class Allowance:
    """What GitHub last said: `remaining` of `limit` calls until `reset_at` (aware, UTC, whole seconds).

    Source: GitHub's documentation, "Rate limits for the REST API": `x-ratelimit-limit`, `-remaining`, `-reset`.
    """

    limit: int
    remaining: int
    reset_at: datetime

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> "Allowance | None":
        """None where the headers are missing, no numbers, or those of another resource than `core`."""
        if headers.get("x-ratelimit-resource", "core") != "core":
            return None
        numbers = [
            _number(headers.get(f"x-ratelimit-{name}", "")) for name in ("limit", "remaining", "reset")
        ]
        limit, remaining, reset = numbers
        if limit is None or remaining is None or reset is None:
            return None
        return cls(limit, remaining, datetime.fromtimestamp(reset, UTC))


def burst_wait(count: int) -> timedelta:
    """The least wait after the `count`-th burst in a row: what GitHub says, then 2, 4, 8 and at last 15 minutes."""
    doubled: int = 2 ** min(count - 1, 10)
    return timedelta() if count <= 1 else min(_FIRST_BURST_WAIT * doubled, LONGEST_BURST_WAIT)


class Budget(Protocol):
    """Where the budget is kept. Methods must not fail: a store that is down lets calls through."""

    def take(self) -> None:
        """Take one call before it is made. Raises RateLimited when none is left or GitHub asked to wait."""

    def give_back(self) -> None:
        """The call that was taken cost nothing (304)."""

    def report(self, allowance: Allowance) -> None:
        """GitHub said this just now. Answers may be told out of order: a lower rest of the same hour wins."""

    def wait_until(self, moment: datetime, *, is_burst: bool) -> datetime:
        """GitHub asked this site to stop until `moment` (aware, UTC). Returns until when it does, perhaps longer.

        `is_burst`: the limit on bursts; when it fires again soon after a wait, the waits grow, as GitHub asks.
        """


class NoBudget:
    """No budget: one process that asks now and then."""

    def take(self) -> None:
        """Always."""

    def give_back(self) -> None:
        """Nothing to give back to."""

    def report(self, allowance: Allowance) -> None:
        """Forgotten."""

    def wait_until(self, moment: datetime, *, is_burst: bool) -> datetime:
        """Forgotten; the error tells the caller."""
        return moment


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
    return int(text) if is_number else None

"""The primary rate limit: so many requests an hour for each caller."""

from collections.abc import Callable
from dataclasses import dataclass

from .callers import Caller
from .messages import Refused, Response

WINDOW_SECONDS = 3600


@dataclass
class Allowance:
    """A caller's hour; ``reset`` in epoch seconds."""

    limit: int
    used: int
    reset: int

    @property
    def remaining(self) -> int:
        """How many requests are left, never below 0."""
        return max(self.limit - self.used, 0)

    def as_json(self) -> dict[str, int]:
        """As ``GET /rate_limit`` writes it."""
        return {"limit": self.limit, "remaining": self.remaining, "reset": self.reset, "used": self.used}

    def as_headers(self) -> dict[str, str]:
        """As every answer carries it."""
        return {f"x-ratelimit-{name}": str(value) for name, value in self.as_json().items()} | {
            "x-ratelimit-resource": "core"
        }


class RateLimits:
    """Allowances by caller; the caller of these methods holds the world's lock."""

    def __init__(
        self, clock: Callable[[], float], hourly: int | None = None, hour_seconds: int = WINDOW_SECONDS
    ) -> None:
        """``hourly`` replaces what GitHub grants to every caller, ``hour_seconds`` how long that lasts."""
        self.clock = clock
        self.hourly = hourly
        self.hour_seconds = hour_seconds
        self.allowances: dict[str, Allowance] = {}

    def allowance(self, caller: Caller) -> Allowance:
        """The caller's running hour; a new one when the last is over."""
        known = self.allowances.get(caller.key)
        if known is None or known.reset <= self.clock():
            known = Allowance(self.hourly or caller.limit, 0, int(self.clock()) + self.hour_seconds)
            self.allowances[caller.key] = known
        return known

    def require(self, caller: Caller) -> None:
        """Raises Refused (403) when nothing is left of the hour."""
        if self.allowance(caller).remaining == 0:
            raise Refused(403, f"API rate limit exceeded for {caller.label}.")

    def charge(self, caller: Caller, response: Response) -> None:
        """Count an answer; an authenticated 304 is free, as on GitHub."""
        if response.status != 304 or (caller.account is None and caller.client_id is None):
            self.allowance(caller).used += 1

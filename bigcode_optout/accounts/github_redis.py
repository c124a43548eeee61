"""Budget and answers in Redis, for several machines. Each method is one script, so that workers never cross."""

import json
import logging
from datetime import UTC, datetime
from functools import cache
from typing import Any

import redis

from bigcode_optout.accounts.github_rows import SAME_HOUR
from bigcode_optout.core import clock
from bigcode_optout.githubapi import BURSTS_ARE_APART, Allowance, KeptAnswer, RateLimited, burst_wait

# KEYS: the budget's hash. All moments in epoch seconds. Answers 0, or until when to wait, and whether by a burst.
_TAKE = """
local now, percent = tonumber(ARGV[1]), tonumber(ARGV[2])
local row = redis.call('HMGET', KEYS[1], 'limit', 'remaining', 'reset', 'wait')
local remaining = tonumber(row[2] or 0)
if row[4] and tonumber(row[4]) > now then return {row[4], remaining > 0 and 1 or 0} end
if not row[3] or tonumber(row[3]) <= now then return {0, 0} end
if remaining <= math.floor(tonumber(row[1]) * percent / 100) then return {row[3], 0} end
redis.call('HINCRBY', KEYS[1], 'remaining', -1)
return {0, 0}
"""
_GIVE_BACK = """
local reset = redis.call('HGET', KEYS[1], 'reset')
if reset and tonumber(reset) > tonumber(ARGV[1]) then redis.call('HINCRBY', KEYS[1], 'remaining', 1) end
"""
_REPORT = """
local limit, remaining, reset, same = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local row = redis.call('HMGET', KEYS[1], 'remaining', 'reset')
local known = tonumber(row[2] or 0)
if known > reset + same then return end
if known >= reset - same and tonumber(row[1]) <= remaining then return end
redis.call('HSET', KEYS[1], 'limit', limit, 'remaining', remaining, 'reset', reset)
redis.call('EXPIRE', KEYS[1], 172800)
"""
# ARGV: the moment, now, whether a burst, seconds after which bursts are apart, the first waits by count.
_WAIT = """
local moment, now, apart = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])
local row = redis.call('HMGET', KEYS[1], 'wait', 'bursts')
local known, count = tonumber(row[1] or 0), tonumber(row[2] or 0)
local until_ = math.max(moment, known)
if ARGV[3] == '1' and known <= now then
  count = now - known < apart and count + 1 or 1
  until_ = math.max(until_, now + tonumber(ARGV[4 + math.min(count, #ARGV - 4)]))
end
redis.call('HSET', KEYS[1], 'wait', until_, 'bursts', count)
redis.call('EXPIRE', KEYS[1], 172800)
return tostring(until_)
"""
# KEYS: the answer, the list of answers by time. ARGV: the answer, its seconds to live, now, how many at most.
_KEEP = """
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[3], KEYS[1])
redis.call('EXPIRE', KEYS[2], ARGV[2])
local excess = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[4])
if excess > 0 then
  for index, value in ipairs(redis.call('ZPOPMIN', KEYS[2], excess)) do
    if index % 2 == 1 then redis.call('DEL', value) end
  end
end
"""
_ANSWERS = "github:answers"
# After so many bursts in a row the wait is the longest.
_BURST_WAITS = 6

logger = logging.getLogger(__name__)


@cache
def _server(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1, decode_responses=True)


class _Scripts:
    def __init__(self, url: str) -> None:
        self._redis = _server(url)

    def _run(self, script: str, keys: list[str], *values: float | str) -> Any:
        """A store that is down lets calls through: GitHub counts as well."""
        try:
            return self._redis.eval(script, len(keys), *keys, *values)
        except redis.RedisError as error:
            logger.warning("GitHub budget not kept: %s", type(error).__name__)
            return None


class BudgetInRedis(_Scripts):
    """A `Budget` in one hash. Of each hour `reserve_percent` of the limit are left for others."""

    def __init__(self, url: str, key: str, *, reserve_percent: int) -> None:
        super().__init__(url)
        self._keys = [f"github:budget:{key}"]
        self._reserve_percent = reserve_percent

    def take(self) -> None:
        """Take one call. Raises RateLimited."""
        until, is_burst = self._run(_TAKE, self._keys, _now(), self._reserve_percent) or (0, 0)
        if float(until):
            raise RateLimited(datetime.fromtimestamp(float(until), UTC), is_secondary=bool(int(is_burst)))

    def give_back(self) -> None:
        """The call that was taken cost nothing."""
        self._run(_GIVE_BACK, self._keys, _now())

    def report(self, allowance: Allowance) -> None:
        """Keep what GitHub said; within one hour the lower number counts."""
        reset, same = allowance.reset_at.timestamp(), SAME_HOUR.total_seconds()
        self._run(_REPORT, self._keys, allowance.limit, allowance.remaining, reset, same)

    def wait_until(self, moment: datetime, *, is_burst: bool) -> datetime:
        """GitHub asked to stop; the longest wait counts, and waits after bursts in a row grow."""
        waits = [burst_wait(count).total_seconds() for count in range(1, _BURST_WAITS + 1)]
        apart = BURSTS_ARE_APART.total_seconds()
        until = self._run(_WAIT, self._keys, moment.timestamp(), _now(), int(is_burst), apart, *waits)
        return max(moment, datetime.fromtimestamp(float(until), UTC)) if until else moment


class AnswersInRedis(_Scripts):
    """An `AnswerStore` of at most `most` answers, each for `seconds`."""

    def __init__(self, url: str, *, seconds: int, most: int) -> None:
        super().__init__(url)
        self._seconds = seconds
        self._most = most

    def find(self, key: str) -> KeptAnswer | None:
        """What was kept under the key, or None."""
        text = self._run("return redis.call('GET', KEYS[1])", [f"github:answer:{key}"])
        return KeptAnswer(*json.loads(text)) if text else None

    def keep(self, key: str, answer: KeptAnswer) -> None:
        """Keep it, in place of what was there."""
        text = json.dumps([answer.etag, answer.body, answer.link])
        keys = [f"github:answer:{key}", _ANSWERS]
        self._run(_KEEP, keys, text, self._seconds, _now(), self._most)


def _now() -> float:
    return clock.now().timestamp()

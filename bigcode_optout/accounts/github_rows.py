"""Budget and answers in the database: one machine, no Redis. Each method is one or two statements of its own."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError
from django.db.models import F

from bigcode_optout.accounts.github_models import GitHubAllowance, GitHubAnswer
from bigcode_optout.core import clock
from bigcode_optout.githubapi import BURSTS_ARE_APART, Allowance, KeptAnswer, RateLimited, burst_wait

# GitHub's reset moves by a second now and then; an hour later it is another hour.
SAME_HOUR = timedelta(minutes=1)
_LONGEST_ETAG = 200

logger = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")


def _or_nothing(method: Callable[P, T]) -> Callable[P, T | None]:
    """A store that is down lets calls through: GitHub counts as well."""

    @wraps(method)
    def careful(*args: P.args, **kwargs: P.kwargs) -> T | None:
        try:
            return method(*args, **kwargs)
        except DatabaseError as error:
            logger.warning("GitHub budget not kept: %s", type(error).__name__)
            return None

    return careful


class BudgetInRows:
    """A `Budget` in one row. Of each hour `reserve_percent` of the limit are left for others."""

    def __init__(self, key: str, *, reserve_percent: int) -> None:
        self._rows = GitHubAllowance.objects.filter(key=key)
        self._key = key
        self._reserve_percent = reserve_percent

    @_or_nothing
    def take(self) -> None:
        """Take one call. Raises RateLimited."""
        row, now = self._rows.all().first(), clock.now()
        if row is None:
            return
        if row.wait_until and row.wait_until > now:
            raise RateLimited(row.wait_until, is_secondary=row.remaining > 0)
        # A new hour, of which GitHub has not told anything yet: the answer to this call will.
        if row.reset_at <= now:
            return
        reserve = row.limit * self._reserve_percent // 100
        taken = self._rows.filter(reset_at=row.reset_at, remaining__gt=reserve)
        if not taken.update(remaining=F("remaining") - 1):
            raise RateLimited(row.reset_at, is_secondary=False)

    @_or_nothing
    def give_back(self) -> None:
        """The call that was taken cost nothing."""
        self._rows.filter(reset_at__gt=clock.now()).update(remaining=F("remaining") + 1)

    @_or_nothing
    def report(self, allowance: Allowance) -> None:
        """Keep what GitHub said; within one hour the lower number counts."""
        told = {
            "limit": allowance.limit,
            "remaining": allowance.remaining,
            "reset_at": allowance.reset_at,
        }
        hour = (allowance.reset_at - SAME_HOUR, allowance.reset_at + SAME_HOUR)
        if self._rows.filter(reset_at__range=hour, remaining__gt=allowance.remaining).update(
            limit=allowance.limit, remaining=allowance.remaining
        ):
            return
        if self._rows.filter(reset_at__lt=hour[0]).update(**told):
            return
        GitHubAllowance.objects.get_or_create(key=self._key, defaults=told)

    def wait_until(self, moment: datetime, *, is_burst: bool) -> datetime:
        """GitHub asked to stop; the longest wait counts, and waits after bursts in a row grow."""
        return self._wait_until(moment, is_burst) or moment

    @_or_nothing
    def _wait_until(self, moment: datetime, is_burst: bool) -> datetime:
        now = clock.now()
        row, _ = GitHubAllowance.objects.get_or_create(
            key=self._key, defaults={"limit": 0, "remaining": 0, "reset_at": now}
        )
        known = row.wait_until or now - 2 * BURSTS_ARE_APART
        count = row.burst_count
        # Several workers run into one burst together: only the first of them makes it count.
        if is_burst and known <= now:
            count = count + 1 if now - known < BURSTS_ARE_APART else 1
        least = now + burst_wait(count) if is_burst else now
        until = max(moment, known, least) if known <= now else max(moment, known)
        self._rows.update(wait_until=until, burst_count=count)
        return until


class AnswersInRows:
    """An `AnswerStore` in a table, which `forget_answers` keeps small."""

    @_or_nothing
    def find(self, key: str) -> KeptAnswer | None:
        """What was kept under the key, or None."""
        row = GitHubAnswer.objects.filter(key=key).first()
        return KeptAnswer(row.etag, row.body, row.link) if row else None

    @_or_nothing
    def keep(self, key: str, answer: KeptAnswer) -> None:
        """Keep it, in place of what was there."""
        if len(answer.etag) <= _LONGEST_ETAG:
            GitHubAnswer.objects.update_or_create(
                key=key,
                defaults={
                    "etag": answer.etag,
                    "body": answer.body,
                    "link": answer.link,
                    "kept_at": clock.now(),
                },
            )


def forget_answers(*, before: datetime, most: int) -> None:
    """Delete answers that were kept before the moment, and the eldest beyond `most`."""
    GitHubAnswer.objects.filter(kept_at__lt=before).delete()
    for kept_at in GitHubAnswer.objects.order_by("-kept_at").values_list("kept_at", flat=True)[
        most : most + 1
    ]:
        GitHubAnswer.objects.filter(kept_at__lte=kept_at).delete()

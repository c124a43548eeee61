"""The site's own client of GitHub, made from the settings, with the budget and the answers that all workers share."""

from datetime import timedelta
from functools import cache

from celery import current_task
from django.conf import settings
from django.utils.crypto import salted_hmac

from bigcode_optout.accounts.github_redis import AnswersInRedis, BudgetInRedis
from bigcode_optout.accounts.github_rows import AnswersInRows, BudgetInRows
from bigcode_optout.githubapi import AnswerStore, Budget, GitHubClient


def client() -> GitHubClient:
    """A client for GITHUB_URL that asks as this site's OAuth app.

    Inside a task it leaves a part of each hour alone, so that a page, where a person waits, still can ask.
    """
    reserve_percent = settings.GITHUB_RESERVE_PERCENT if current_task else 0
    return _client(
        settings.GITHUB_URL, settings.GITHUB_CLIENT_ID, settings.GITHUB_CLIENT_SECRET, reserve_percent
    )


@cache
def _client(web_url: str, client_id: str, client_secret: str, reserve_percent: int) -> GitHubClient:
    # GitHub counts by app; without one, by this machine's address.
    asker = salted_hmac(
        "github-budget", f"{web_url}\0{client_id if client_secret else ''}", algorithm="sha256"
    )
    return GitHubClient(
        web_url,
        client_id=client_id,
        client_secret=client_secret,
        user_agent=f"bigcode-optout ({settings.SITE_URL})",
        budget=_budget(asker.hexdigest(), reserve_percent),
        store=_answers(),
        salt=salted_hmac("github-answers", "", algorithm="sha256").digest(),
    )


def _budget(key: str, reserve_percent: int) -> Budget:
    if settings.GITHUB_SHARED_STORE:
        return BudgetInRedis(settings.GITHUB_SHARED_STORE, key, reserve_percent=reserve_percent)
    return BudgetInRows(key, reserve_percent=reserve_percent)


def _answers() -> AnswerStore:
    if settings.GITHUB_SHARED_STORE:
        seconds = int(timedelta(days=settings.GITHUB_ANSWER_DAYS).total_seconds())
        return AnswersInRedis(settings.GITHUB_SHARED_STORE, seconds=seconds, most=settings.GITHUB_ANSWERS)
    return AnswersInRows()

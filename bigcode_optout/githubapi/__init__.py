"""Speak to GitHub: typed questions, typed answers, a few named errors. No Django, no Celery."""

from bigcode_optout.githubapi.answers import (
    Account,
    MemberCount,
    Membership,
    Organisation,
    OwnerKind,
    Repository,
    Viewer,
)
from bigcode_optout.githubapi.budgets import BURSTS_ARE_APART, Allowance, Budget, burst_wait
from bigcode_optout.githubapi.client import GitHubClient
from bigcode_optout.githubapi.deadlines import Deadline
from bigcode_optout.githubapi.errors import (
    BadAnswer,
    BadCredentials,
    Forbidden,
    GitHubError,
    NotFound,
    RateLimited,
    TooManyPages,
    Unavailable,
)
from bigcode_optout.githubapi.kept_answers import AnswerStore, KeptAnswer
from bigcode_optout.githubapi.retries import is_wait, next_try

__all__ = [
    "BURSTS_ARE_APART",
    "Account",
    "Allowance",
    "AnswerStore",
    "BadAnswer",
    "BadCredentials",
    "Budget",
    "Deadline",
    "Forbidden",
    "GitHubClient",
    "GitHubError",
    "KeptAnswer",
    "MemberCount",
    "Membership",
    "NotFound",
    "Organisation",
    "OwnerKind",
    "RateLimited",
    "Repository",
    "TooManyPages",
    "Unavailable",
    "Viewer",
    "burst_wait",
    "is_wait",
    "next_try",
]

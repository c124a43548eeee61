"""Speak to GitHub: typed questions, typed answers, a few named errors. No Django, no Celery."""

from bigcode_optout.githubapi.answers import (
    Account,
    Membership,
    Organisation,
    OwnerKind,
    Repository,
    Viewer,
)
from bigcode_optout.githubapi.client import GitHubClient
from bigcode_optout.githubapi.deadlines import Deadline
from bigcode_optout.githubapi.errors import (
    BadAnswer,
    BadCredentials,
    Forbidden,
    GitHubError,
    NotFound,
    RateLimited,
    Unavailable,
)

__all__ = [
    "Account",
    "BadAnswer",
    "BadCredentials",
    "Deadline",
    "Forbidden",
    "GitHubClient",
    "GitHubError",
    "Membership",
    "NotFound",
    "Organisation",
    "OwnerKind",
    "RateLimited",
    "Repository",
    "Unavailable",
    "Viewer",
]

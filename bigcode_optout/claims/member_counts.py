"""Count the members of an organisation: with a member's token in the call-back, or those in public by a task."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from bigcode_optout.accounts.github import client
from bigcode_optout.claims.member_models import MemberCount
from bigcode_optout.core import clock
from bigcode_optout.githubapi import Deadline, GitHubError
from bigcode_optout.githubapi import MemberCount as Counted

logger = logging.getLogger(__name__)
# An organisation does not become a large one overnight.
COUNT_FRESH = timedelta(days=30)


class Members(StrEnum):
    """What the figures say of an organisation. Most people hide where they belong: few in public say nothing."""

    MANY = "many"
    FEW = "few"
    UNKNOWN = "unknown"


def members_of(organisation_id: int, *, large_from: int) -> Members:
    """Whether the organisation has `large_from` members or more, as far as was counted lately."""
    return members_of_each([organisation_id], large_from=large_from)[organisation_id]


def members_of_each(organisation_ids: Iterable[int], *, large_from: int) -> dict[int, Members]:
    """The same for several, in one query."""
    found = dict.fromkeys(organisation_ids, Members.UNKNOWN)
    rows = MemberCount.objects.filter(organisation_id__in=found, counted_at__gte=clock.now() - COUNT_FRESH)
    for row in rows:
        if row.count >= large_from:
            found[row.organisation_id] = Members.MANY
        elif row.is_whole and found[row.organisation_id] is Members.UNKNOWN:
            found[row.organisation_id] = Members.FEW
    return found


def is_counted(organisation_id: int) -> bool:
    """True when anything was counted lately."""
    since = clock.now() - COUNT_FRESH
    return MemberCount.objects.filter(organisation_id=organisation_id, counted_at__gte=since).exists()


@sensitive_variables("token")
def count_as_member(token: str, *, organisation_id: int, login: str, deadline: Deadline) -> None:
    """Count in the call-back of a member who let us read organisations. What GitHub does not answer stays unknown."""
    try:
        counted = client().count_members(
            login, enough=settings.MEMBERS_COUNTED_UP_TO, token=token, deadline=deadline
        )
    except GitHubError as error:
        logger.info("members of an organisation were not counted: %s", error.code)
        return
    _keep(organisation_id, counted)


def count_in_public(*, organisation_id: int, login: str) -> None:
    """Count who shows in public that they belong to it, without anybody's token. Network, so never in a transaction.

    Raises `GitHubError`; nothing is kept then.
    """
    _keep(organisation_id, client().count_members(login, enough=settings.MEMBERS_COUNTED_UP_TO))


def _keep(organisation_id: int, counted: Counted) -> None:
    MemberCount.objects.update_or_create(
        organisation_id=organisation_id,
        is_whole=counted.is_whole,
        defaults={"count": counted.count, "counted_at": clock.now()},
    )

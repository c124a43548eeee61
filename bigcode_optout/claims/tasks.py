"""Background work: what GitHub says in public, read without anybody's token."""

import logging

from celery import shared_task

from bigcode_optout.claims import challenges, former_logins, queries, services
from bigcode_optout.claims.models import Claim
from bigcode_optout.githubapi import GitHubError, RateLimited

logger = logging.getLogger(__name__)


@shared_task(name="claims.learn_repositories")
def learn_repositories(claim_id: int) -> None:
    """Read which repositories belong to the claim's account, so that rows under former names are found by number.

    Only makes the pages know more, sooner: locating a request reads the same again and insists on an answer.
    """
    claim = Claim.objects.filter(pk=claim_id).first()
    if claim is None or (claim.subject_id and queries.listing_of(claim.subject_id, fresh=True)):
        return
    try:
        services.read_owner(claim.name, owner_id=claim.subject_id)
    except GitHubError as error:
        logger.info("repositories of claim %s not read: %s", claim_id, error.code)


@shared_task(name="claims.forget_logins")
def forget_logins() -> None:
    """Forget who had which login: what was learned a month ago is of no use to any judgement."""
    former_logins.forget_login_facts()


@shared_task(name="claims.check_challenge")
def check_challenge(challenge_id: int) -> None:
    """Look for one one-time code, because its owner asked us to."""
    _check(challenge_id)


@shared_task(name="claims.check_challenges")
def check_challenges() -> None:
    """Look for every one-time code whose time has come, and end those that are too old."""
    for challenge_id in challenges.due():
        if isinstance(_check(challenge_id), RateLimited):
            # The rows say when to look next; whoever still waits is the first one then.
            return


def _check(challenge_id: int) -> GitHubError | None:
    try:
        challenges.check(challenge_id=challenge_id)
    except GitHubError as error:
        logger.info("one-time code %s not looked for: %s", challenge_id, error.code)
        return error
    return None

"""Background work: what GitHub says in public, read without anybody's token."""

import logging

from celery import shared_task

from bigcode_optout.claims import queries, services
from bigcode_optout.claims.models import Claim
from bigcode_optout.githubapi import GitHubError

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

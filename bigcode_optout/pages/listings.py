"""Ask GitHub which repositories belong to the owners on a page, so that former names and forks are told apart."""

import logging
from collections.abc import Iterable

from bigcode_optout.claims.models import Claim, ClaimKind
from bigcode_optout.claims.queries import FRESH, listing_of, listings_of
from bigcode_optout.claims.services import read_owner
from bigcode_optout.core import clock
from bigcode_optout.githubapi import Deadline, GitHubError, NotFound

logger = logging.getLogger(__name__)
# A page waits no longer than this for GitHub; the search that follows a request asks again.
PATIENCE_SECONDS = 4.0


def read_listings(claims: Iterable[Claim]) -> list[Claim]:
    """Read the owners that were not read a short while ago; return those about whom nothing at all is known."""
    deadline = Deadline(PATIENCE_SECONDS)
    unknown = []
    owners = [
        claim for claim in claims if claim.kind != ClaimKind.REPOSITORY and claim.subject_id is not None
    ]
    known = listings_of({claim.subject_id for claim in owners if claim.subject_id is not None})
    fresh = {listing.owner_id for listing in known if listing.read_at >= clock.now() - FRESH}
    for claim in owners:
        if claim.subject_id is None or claim.subject_id in fresh:
            continue
        # An account and its former logins are one owner.
        fresh.add(claim.subject_id)
        try:
            if not deadline.is_over:
                read_owner(claim.name, deadline, owner_id=claim.subject_id)
        except NotFound:
            logger.info("the owner of claim %s is gone from GitHub", claim.pk)
        except GitHubError as error:
            logger.info("the owner of claim %s was not read: %s", claim.pk, error.code)
        if listing_of(claim.subject_id) is None:
            unknown.append(claim)
    return unknown

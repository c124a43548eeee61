"""Making a token void, which must never get in the way of what it is done after."""

import logging

from bigcode_optout.githubapi.credentials import Credentials
from bigcode_optout.githubapi.deadlines import Deadline
from bigcode_optout.githubapi.rest import RestCaller

# 404 and 422 stand for a token that is already gone. GitHub describes only 204 and 422.
_DONE = (204, 404, 422)

logger = logging.getLogger(__name__)


def revoke(rest: RestCaller, path: str, *, token: str, credentials: Credentials, deadline: Deadline) -> bool:
    """Whether the token is void now. Never raises: callers do this in `finally`."""
    try:
        status = rest.delete(path, json={"access_token": token}, credentials=credentials, deadline=deadline)
    except Exception as err:
        logger.warning("GitHub token not revoked: %s", type(err).__name__)
        return False
    if status not in _DONE:
        logger.warning("GitHub token not revoked: status=%s", status)
        return False
    return True

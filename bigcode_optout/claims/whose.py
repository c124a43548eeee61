"""Whose name it is that somebody claims as an organisation's: an account of somebody else is refused with a reason."""

import logging

from bigcode_optout.accounts.github import client
from bigcode_optout.accounts.models import User
from bigcode_optout.claims.models import OwnerListing
from bigcode_optout.core.errors import Refused
from bigcode_optout.githubapi import Deadline, GitHubError
from bigcode_optout.names import OwnerName

logger = logging.getLogger(__name__)
# A page waits no longer than this for GitHub.
PATIENCE_SECONDS = 2.0
_PERSON = "User"


def require_organisation(*, by: User, name: OwnerName) -> None:
    """Raises `Refused` when GitHub says that `name` is an account of a person, not an organisation.

    Silence of GitHub refuses nothing: locating the request asks again. Network, so never inside a transaction.
    """
    listing = OwnerListing.objects.filter(login__iexact=name.login).order_by("-read_at").first()
    if listing is not None:
        kind, number = listing.kind, listing.owner_id
    else:
        try:
            account = client().account(name.login, Deadline(PATIENCE_SECONDS))
        except GitHubError as error:
            logger.info("GitHub did not say what a claimed name is: %s", error.code)
            return
        kind, number = getattr(account, "kind", "Organization"), account.id
    if kind != _PERSON:
        return
    if by.identities.filter(github_id=number).exists():
        raise Refused("own_account", f"{name.shown} is your own account. It is in the list already.")
    raise Refused(
        "somebody_else",
        f"{name.shown} is a person’s account on GitHub, not an organisation. If it is yours, sign in as that account, "
        "or use the form for lost accounts.",
    )

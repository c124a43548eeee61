"""What a browser session remembers between the second sign-in and the answer to “make these two one?”."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest

from bigcode_optout.accounts.models import GitHubIdentity, User
from bigcode_optout.core import clock

_KEY = "merge_offer"
OFFER_LIFE = timedelta(minutes=10)


@dataclass(frozen=True)
class Offer:
    """The person who signed in second, and the account with which they did."""

    source: User
    identity: GitHubIdentity


def keep(request: HttpRequest, *, source: User, github_id: int) -> None:
    """Remember that whoever is signed in here has just signed in as `github_id` of `source`, too."""
    request.session[_KEY] = {
        "source": source.pk,
        "github_id": github_id,
        "target": request.user.pk,
        "until": (clock.now() + OFFER_LIFE).isoformat(),
    }


def offered(request: HttpRequest) -> Offer | None:
    """The open offer of this session, or None: none was made, it is too old, or somebody else is signed in by now."""
    kept = request.session.get(_KEY)
    if not kept or kept["target"] != request.user.pk:
        return None
    if datetime.fromisoformat(kept["until"]) < clock.now():
        return None
    identity = (
        GitHubIdentity.objects.filter(github_id=kept["github_id"], user=kept["source"])
        .select_related("user")
        .first()
    )
    return Offer(identity.user, identity) if identity else None


def forget(request: HttpRequest) -> None:
    """It was answered."""
    request.session.pop(_KEY, None)

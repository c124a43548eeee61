"""What a person tells a reviewer about a claim: words and links. It proves nothing; a person weighs it."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.db import transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.claims import evidence_hooks
from bigcode_optout.claims.models import ClaimEvidence
from bigcode_optout.claims.queries import claim_of
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Refused

TEXT_LENGTH = 4000
LINK_LENGTH = 500
MOST_LINKS = 10
# More than anybody needs to say; it keeps one claim from filling the reviewer's page.
MOST_TELLINGS = 20


@transaction.atomic
def tell(*, by: User, claim_id: int, text: str, links: Sequence[str]) -> ClaimEvidence:
    """Keep the words and links with the person's claim. Raises `Missing` for somebody else's, `Refused`, `Conflict`."""
    claim = claim_of(by, claim_id)
    text = text.strip()
    if not text:
        raise Refused("no_words", "Write what shows that you may decide.")
    if len(text) > TEXT_LENGTH:
        raise Refused("too_long", f"Up to {TEXT_LENGTH:,} characters fit.")
    if len(links) > MOST_LINKS:
        raise Refused("too_many_links", f"Give up to {MOST_LINKS} links.")
    for link in links:
        require_link(link)
    if claim.told.count() >= MOST_TELLINGS:
        raise Conflict("told_enough", "You have told us a lot about it. A reviewer reads all of it.")
    told = ClaimEvidence.objects.create(claim=claim, text=text, links=list(links), told_at=clock.now())
    evidence_hooks.tell(claim, "told")
    return told


def require_link(link: str) -> None:
    """Raise `Refused` unless the text is an address with http or https and a host, as staff may read it: no user name,
    and no sign that hides or turns around what stands beside it."""
    try:
        parts = urlsplit(link)
        is_link = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        is_link = False
    if not is_link or len(link) > LINK_LENGTH or not _is_plain(link):
        raise Refused("no_link", f"“{link[:60]}” is not a link. One begins with https:// or http://.")


def _is_plain(link: str) -> bool:
    return all(letter.isprintable() and not letter.isspace() for letter in link)

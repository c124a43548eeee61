"""Links for people without a sign-in: to confirm what they wrote, and to follow it.

The code in a link is an HMAC of the row's random key under the site's secret key, so no row, backup or reader of mails
that wait can open anything. A new key makes the old links void.
"""

import secrets

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from bigcode_optout.removals.models import OutboxMessage, RemovalRequest, Statement

# What stands in a mail's row until it leaves.
CONFIRM_MARK = "[the link to confirm it]"
FOLLOW_MARK = "[your private link]"


def new_key() -> str:
    """A random key for one link."""
    return secrets.token_urlsafe(32)


def confirm_code(statement: Statement) -> str:
    """The code of the link that confirms the statement, 64 hexadecimal characters; empty once it was used."""
    return _code("confirm", statement.pk, statement.confirm_key)


def follow_code(statement: Statement) -> str:
    """The code of the private link that the sender follows it by."""
    return _code("follow", statement.pk, statement.follow_key)


def fits(code: str, expected: str) -> bool:
    """Compare without telling by the time how much was right. An empty code fits nothing."""
    return bool(expected) and constant_time_compare(code, expected)


def status_link(request: RemovalRequest, statement: Statement | None) -> str:
    """Where the requester reads about the request: its page, or, where it was made of a statement, a mark for the
    private link.
    """
    if statement is not None:
        return FOLLOW_MARK
    return settings.SITE_URL + reverse("pages:status", args=[request.reference])


def statement_of(request: RemovalRequest) -> Statement | None:
    """What the request was made of, if it was asked for without an account."""
    return Statement.objects.filter(request=request).first()


def body_of(message: OutboxMessage) -> str:
    """The mail's text with its links. They go to the sender's own address and to nobody else."""
    statement = message.statement or (statement_of(message.request) if message.request else None)
    if statement is None or message.address != address_of(statement):
        return message.body
    links = {
        CONFIRM_MARK: reverse("pages:confirm_statement", args=[statement.pk, confirm_code(statement) or "-"]),
        FOLLOW_MARK: reverse("pages:follow", args=[statement.pk, follow_code(statement)]),
    }
    body = message.body
    for mark, path in links.items():
        body = body.replace(mark, settings.SITE_URL + path)
    return body


def address_of(statement: Statement) -> str:
    """Where to write to: once there is a request, the address is kept with it alone."""
    return statement.request.email if statement.request else statement.email


def _code(purpose: str, number: int, key: str) -> str:
    if not key:
        return ""
    return salted_hmac(f"removals.{purpose}", f"{number}:{key}", algorithm="sha256").hexdigest()

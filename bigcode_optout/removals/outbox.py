"""Mails leave through rows: written with the change they tell of, sent by a task, found again by the sweep."""

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string

from bigcode_optout.core import clock
from bigcode_optout.core.bell import ring
from bigcode_optout.removals import private_links
from bigcode_optout.removals.models import OutboxMessage, RemovalRequest, ScopeItem, Statement

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
# A mail that cannot leave is tried again later and later, up to this.
LONGEST_PAUSE = timedelta(hours=6)
_RUNG_AT_ONCE = 20
Letter = tuple[RemovalRequest, dict[str, Any]]
"""To whom, and what the mail says beside the request."""


def write(request: RemovalRequest, kind: str, **context: Any) -> OutboxMessage | None:
    """Write the mail `templates/mails/<kind>.txt` for the requester, if an address was given; ring for its sending.

    The template's first line is the subject. Call it inside the transaction of the change.
    """
    if not request.email:
        return None
    items = list(request.items.prefetch_related("decisions"))
    about = _about(request, items, private_links.statement_of(request)) | context
    return _post(kind, about, request=request, address=request.email)


def write_all(letters: Iterable[Letter], kind: str) -> None:
    """The same for many requests that come from `events_together.held`, each with its context, in one statement.

    Rings where they are few; where thousands are written at once, the sweep sends them.
    """
    messages = OutboxMessage.objects.bulk_create(
        _message(
            kind,
            _about(request, list(request.items.all()), getattr(request, "statement", None)) | context,
            request=request,
            address=request.email,
        )
        for request, context in letters
        if request.email
    )
    for message in messages if len(messages) <= _RUNG_AT_ONCE else ():
        _ring(message)


def _about(
    request: RemovalRequest, items: Sequence[ScopeItem], statement: Statement | None
) -> dict[str, Any]:
    return {
        "request": request,
        "items": items,
        "accepted_items": [item for item in items if item.state == ScopeItem.ItemState.ACCEPTED],
        "declined_items": [item for item in items if item.state == ScopeItem.ItemState.DECLINED],
        "link": private_links.status_link(request, statement),
        "statement": statement,
    }


def write_about(statement: Statement, kind: str, **context: Any) -> OutboxMessage:
    """The same about a statement that is no request: to be confirmed, or only noted."""
    about = {
        "statement": statement,
        "confirm_link": private_links.CONFIRM_MARK,
        "link": private_links.FOLLOW_MARK,
        **context,
    }
    return _post(kind, about, statement=statement, address=statement.email)


def _post(kind: str, context: dict[str, Any], **about: Any) -> OutboxMessage:
    message = _message(kind, context, **about)
    message.save()
    _ring(message)
    return message


def _message(kind: str, context: dict[str, Any], **about: Any) -> OutboxMessage:
    context["contact_address"] = settings.CONTACT_ADDRESS
    subject, _, body = render_to_string(f"mails/{kind}.txt", context).partition("\n")
    return OutboxMessage(kind=kind, subject=subject.strip(), body=body.strip() + "\n", **about)


def _ring(message: OutboxMessage) -> None:
    from bigcode_optout.removals import tasks

    ring(tasks.send_mail, message.pk)


def send(message_id: int) -> bool:
    """Send one mail unless it was sent or another worker is at it. True when this call sent it.

    A worker that dies between sending and noting it sends the mail twice: better than not at all.
    """
    now = clock.now()
    taken = (
        OutboxMessage.objects.filter(pk=message_id, sent_at__isnull=True)
        .filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now))
        .update(lease_until=now + LEASE, attempt_count=F("attempt_count") + 1)
    )
    if not taken:
        return False
    message = OutboxMessage.objects.select_related("request", "statement").get(pk=message_id)
    try:
        body = private_links.body_of(message)
        EmailMessage(message.subject, body, settings.DEFAULT_FROM_EMAIL, [message.address]).send()
    except Exception as error:
        # A mail server, a backend and an address can each fail in ways of their own; none may stop the other mails.
        logger.warning("mail %s not sent: %s", message_id, type(error).__name__)
        pause = min(LEASE * 2 ** min(message.attempt_count - 1, 10), LONGEST_PAUSE)
        OutboxMessage.objects.filter(pk=message_id).update(lease_until=clock.now() + pause)
        return False
    with transaction.atomic():
        OutboxMessage.objects.filter(pk=message_id).update(sent_at=clock.now(), lease_until=None)
    return True


def unsent() -> list[int]:
    """Mails that nobody is sending."""
    waiting = OutboxMessage.objects.filter(sent_at__isnull=True).filter(
        Q(lease_until__isnull=True) | Q(lease_until__lt=clock.now())
    )
    return list(waiting.values_list("pk", flat=True)[:1000])

"""How marks are drawn in the desk's templates."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bigcode_optout.core import clock
from bigcode_optout.core.templatetags.desk import when
from bigcode_optout.removals.models import RemovalRequest, RequestState
from bigcode_optout.removals.queries import WAITING_ON_US
from bigcode_optout.review import words
from bigcode_optout.review.holdings import github_address
from bigcode_optout.review.queue import in_short
from bigcode_optout.review.words import Mark

register = template.Library()


def draw(mark: Mark) -> SafeString:
    """The mark's word with its bar."""
    classes = ["desk-state"]
    if mark.colour:
        classes.append(f"desk-state--{mark.colour}")
    if mark.is_full:
        classes.append("desk-state--full")
    return format_html('<span class="{}">{}</span>', " ".join(classes), mark.word)


@register.filter
def state_mark(state: str) -> SafeString:
    """A request's state."""
    return draw(words.STATES[state])


@register.filter
def item_mark(state: str) -> SafeString:
    """What was decided about an item."""
    return draw(words.ITEM_STATES[state])


@register.filter
def proof_mark(state: str) -> SafeString:
    """What the machine makes of the evidence."""
    return draw(words.PROOFS[state])


@register.filter
def outcome_mark(outcome: str) -> SafeString:
    """What came out of one check."""
    return draw(words.OUTCOMES[outcome])


@register.filter
def mark(value: Mark) -> SafeString:
    """Any mark."""
    return draw(value)


@register.filter
def rule(code: str) -> str:
    """The policy's rule in words."""
    return words.rule_title(code)


@register.filter
def mail_title(kind: str) -> str:
    """The kind of a mail in words."""
    return words.mail_title(kind)


@register.filter
def address_of(name: str, pk: int) -> str:
    """Where a form about a request is sent to."""
    return reverse(f"admin:removals_removalrequest_{name}", args=[pk])


@register.filter
def on_github(name: str) -> str:
    """The page of an account or repository on GitHub."""
    return github_address(name)


@register.filter
def of(table: Mapping[str, Any], key: str) -> Any:
    """What a table has under a key."""
    return table[key]


register.filter(in_short)


@register.filter
def state_line(request: RemovalRequest) -> SafeString:
    """A request's state, and since when or until when it waits on whom."""
    state = state_mark(request.state)
    if request.is_overdue and request.due_at:
        return format_html(
            '{}, <span class="desk-late">decision was due {}</span>', state, when(request.due_at.date())
        )
    if request.state in WAITING_ON_US and request.due_at:
        return format_html("{}, waiting on us, decision due {}", state, when(request.due_at.date()))
    if request.state == RequestState.NEEDS_INFORMATION and request.clock_stopped_at:
        since = when(request.clock_stopped_at)
        return format_html("{}, waiting on the requester since {}; the clock stands still", state, since)
    if request.decided_at:
        return format_html("{}, decided {}", state, when(request.decided_at))
    return state


@register.filter
def due(request: RemovalRequest) -> SafeString:
    """When a decision is due and on whom it waits, or what came of the request."""
    if request.state in WAITING_ON_US and request.due_at:
        return format_html('{}<span class="desk-sub">waiting on us</span>', _due_in_days(request))
    if request.state == RequestState.NEEDS_INFORMATION:
        return format_html('on hold<span class="desk-sub">{}</span>', "waiting on requester")
    at = request.decided_at or request.changed_at
    return format_html('{}<span class="desk-sub">{}</span>', state_mark(request.state), when(at))


def _due_in_days(request: RemovalRequest) -> SafeString:
    assert request.due_at is not None
    days = (request.due_at.date() - clock.today()).days
    if request.is_overdue:
        late = f"{-days} day{'' if days == -1 else 's'} late" if days else "late since today"
        return format_html('<span class="desk-late">{}</span>', late)
    return when(request.due_at.date())

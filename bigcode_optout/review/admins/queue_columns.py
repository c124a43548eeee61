"""What each column of the queue shows. The changelist has put `line` and `open_by` on every request."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bigcode_optout.removals.models import Proposal, RemovalRequest
from bigcode_optout.review.evidence import name_of
from bigcode_optout.review.queue import Line
from bigcode_optout.review.templatetags.review import draw, due

COLUMNS = ("reference", "requester_text", "scope", "proof", "guards", "due", "assignee_text")


def _line(one: RemovalRequest) -> Line:
    line: Line = one.line  # type: ignore[attr-defined]
    return line


class QueueColumns:
    """The columns, for the admin of requests."""

    @admin.display(description="Requester")
    def requester_text(self, one: RemovalRequest) -> SafeString:
        """Login, and how old the account is."""
        first = next(iter(one.requester.identities.all()), None)
        if first is None:
            return format_html("{}", name_of(one.requester))
        age = f"on GitHub since {first.account_created_at:%Y}"
        return format_html('{}<span class="desk-sub">{}</span>', name_of(one.requester), age)

    @admin.display(description="Scope")
    def scope(self, one: RemovalRequest) -> SafeString:
        """What is asked for, and how much of it there is."""
        line = _line(one)
        asked = format_html_join(SafeString("<br>"), "{}", ((text,) for text in line.scope))
        return format_html('{}<span class="desk-sub">{}</span>', asked, line.counts)

    @admin.display(description="Proof")
    def proof(self, one: RemovalRequest) -> SafeString:
        """The worst of its items."""
        return draw(_line(one).proof)

    @admin.display(description="Guards")
    def guards(self, one: RemovalRequest) -> SafeString | str:
        """Reasons to look twice."""
        titles = [(title,) for title in _line(one).guards]
        proposal: Proposal | None = one.proposal  # type: ignore[attr-defined]
        if proposal is not None:
            titles.insert(0, (f"{proposal.proposed_by.username} proposed a decision",))
        return format_html_join("", '<span class="desk-guard">{}</span>', titles) or "–"

    @admin.display(description="Due", ordering="due_at")
    def due(self, one: RemovalRequest) -> SafeString:
        """When, and on whom it waits."""
        return due(one)

    @admin.display(description="Assignee", ordering="assignee__username")
    def assignee_text(self, one: RemovalRequest) -> SafeString:
        """On whose desk, and who has it open just now."""
        name = one.assignee.username if one.assignee else "–"
        open_by: str = one.open_by  # type: ignore[attr-defined]
        note = (
            format_html('<span class="desk-sub desk-open">{} has it open</span>', open_by) if open_by else ""
        )
        return format_html("{}{}", name, note)

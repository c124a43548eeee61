"""The outbox, to be read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from bigcode_optout.removals.models import OutboxMessage
from bigcode_optout.review.admins.read_only import ReadOnlyAdmin


@admin.register(OutboxMessage)
class MailAdmin(ReadOnlyAdmin):
    """What was written to requesters, and whether it went out."""

    list_display = ("subject", "request", "kind", "written_at", "sent_at", "attempt_count")
    list_filter = ("kind", ("sent_at", admin.EmptyFieldListFilter))
    list_select_related = ("request",)
    search_fields = ("request__reference",)
    ordering = ("-pk",)
    fields = (
        "request",
        "kind",
        "address",
        "subject",
        "body",
        "written_at",
        "sent_at",
        "attempt_count",
        "lease_until",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutboxMessage]:
        """About requests. To whom we wrote before anything was confirmed is nobody's business here."""
        return OutboxMessage.objects.filter(request__isnull=False)

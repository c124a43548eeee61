"""What was only noted, since it stands on another host than GitHub."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from bigcode_optout.removals.models import Statement
from bigcode_optout.review.admins.read_only import ReadOnlyAdmin


@admin.register(Statement)
class NotedAdmin(ReadOnlyAdmin):
    """Confirmed statements that became no request. Nobody decides about them; they go after a year."""

    list_display = ("addresses", "confirmed_at")
    ordering = ("-confirmed_at",)
    fields = ("addresses", "evidence", "links", "written_at", "confirmed_at")
    readonly_fields = ("addresses",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Statement]:
        """What is not confirmed is nobody's to read, and what became a request is read there."""
        return Statement.objects.filter(confirmed_at__isnull=False, request__isnull=True)

    @admin.display(description="On other hosts")
    def addresses(self, one: Statement) -> str:
        """As they were typed."""
        return ", ".join(one.noted)

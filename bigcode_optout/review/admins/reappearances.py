"""What versions hold of what should be left out, and when each was swept for it."""

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from bigcode_optout.core.templatetags.desk import byte_size, count
from bigcode_optout.releases.models import Reappearance, VersionSweep
from bigcode_optout.releases.queries import standing_reappearances
from bigcode_optout.review.admins.read_only import ReadOnlyAdmin


@admin.register(Reappearance)
class ReappearanceAdmin(ReadOnlyAdmin):
    """One line for each repository and part of a request. What was withdrawn or let in again is not shown."""

    list_display = (
        "full_name",
        "version",
        "is_unexpected",
        "found_by",
        "excluded_since",
        "files",
        "size",
        "request",
    )
    list_filter = ("is_unexpected", "sweep__version", "found_by", "excluded_since")
    list_select_related = ("sweep__version", "excluded_since", "item__request")
    search_fields = ("full_name", "=repository_id", "=item__request__reference")
    search_help_text = "Repository, its number, or a request’s reference"
    sortable_by = ("full_name",)
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reappearance]:
        """What stands."""
        return standing_reappearances(settings.DATASET)

    @admin.display(description="version")
    def version(self, one: Reappearance) -> str:
        """Where it was found."""
        return one.sweep.version.name

    @admin.display(description="files")
    def files(self, one: Reappearance) -> str:
        """As the version has it."""
        return count(one.file_count if one.sweep.version.has_file_counts else None)

    @admin.display(description="size")
    def size(self, one: Reappearance) -> SafeString:
        """As the version has it."""
        return byte_size(one.byte_count if one.sweep.version.has_sizes else None)

    @admin.display(description="request")
    def request(self, one: Reappearance) -> str:
        """Whose part it is."""
        return str(one.item.request)


@admin.register(VersionSweep)
class VersionSweepAdmin(ReadOnlyAdmin):
    """When each version was swept, and what came of it."""

    list_display = ("version", "state", "finished_at", "rule_count", "found_count", "failure")
    list_select_related = ("version",)

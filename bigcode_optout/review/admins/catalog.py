"""Datasets, versions and index builds. Versions come from `manage.py build_index`."""

from django.contrib import admin
from django.http import HttpRequest

from bigcode_optout.catalog.models import Dataset, DatasetVersion, IndexBuild
from bigcode_optout.review.admins.read_only import ReadOnlyAdmin


@admin.register(Dataset)
class DatasetAdmin(ReadOnlyAdmin):
    """Superusers say which scope kinds the next version can leave out."""

    list_display = ("title", "slug", "honours_files", "honours_commits", "honours_issues")
    readonly_fields = ("slug", "title")
    fields = ("title", "slug", "honours_files", "honours_commits", "honours_issues")

    def has_change_permission(self, request: HttpRequest, obj: Dataset | None = None) -> bool:
        """The switches only, see `readonly_fields`."""
        return bool(request.user.is_superuser)


@admin.register(DatasetVersion)
class DatasetVersionAdmin(ReadOnlyAdmin):
    """Versions that can be searched."""

    list_display = ("name", "dataset", "data_date", "deduplicated", "has_repository_ids", "current_build")
    list_filter = ("dataset",)
    list_select_related = ("dataset", "current_build__version")


@admin.register(IndexBuild)
class IndexBuildAdmin(ReadOnlyAdmin):
    """Every build that was registered."""

    list_display = (
        *("version", "name", "built_at", "repository_count", "owner_count", "file_count", "byte_count"),
        *("is_current", "retired_at", "removed_at"),
    )
    fields = (*list_display, "said", "manifest")
    list_filter = ("version__dataset",)
    list_select_related = ("version",)

    @admin.display(description="current", boolean=True)
    def is_current(self, one: IndexBuild) -> bool:
        """Whether it answers for its version."""
        return one.version.current_build_id == one.pk

    @admin.display(description="said when it was registered")
    def said(self, one: IndexBuild) -> str:
        """What it changed for its version."""
        return " ".join(one.remarks) or "–"

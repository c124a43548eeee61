"""The texts of the reasons: read by reviewers, edited by those who may, never overwritten."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from bigcode_optout.removals.models import ReasonText
from bigcode_optout.review import text_views
from bigcode_optout.review.admins.read_only import ReadOnlyAdmin


@admin.register(ReasonText)
class ReasonTextAdmin(ReadOnlyAdmin):
    """Changed through `removals.writing_texts` alone: an edited text is a new version."""

    def get_urls(self) -> list[URLPattern]:
        """The list and the page of one text in place of Django's."""

        def place(route: str, view: Any, name: str) -> URLPattern:
            wrapped = self.admin_site.admin_view(partial(view, self))
            return path(route, wrapped, name=f"removals_reasontext_{name}")

        return [
            place("", text_views.texts, "changelist"),
            place("<slug:verdict>/<slug:reason>/<slug:language>/", text_views.text, "text"),
        ]

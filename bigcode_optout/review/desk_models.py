"""What people at the desk keep for themselves: the lists they look at, and which request they have open."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """A list that somebody looks at again: filters, search and order of the queue, under a name."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=600, blank=True, help_text="What stands behind the question mark.")
    is_shared = models.BooleanField(default=False, help_text="Everybody at the desk sees it.")
    default_for = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="default_views", help_text="Whose queue opens on it."
    )
    saved_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["is_shared", "name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["owner", "name"], name="view_named_once_per_person"),
        ]

    def __str__(self) -> str:
        return self.name


class OpenRequest(models.Model):
    """Who has a request open just now. A note for colleagues, no lock: it is over after a while without activity."""

    request = models.OneToOneField(
        "removals.RemovalRequest", on_delete=models.CASCADE, primary_key=True, related_name="open_at_desk"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField()
    active_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.request} at {self.user}"

"""What happened to a release."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models


class ReleaseEvent(models.Model):
    """Something that happened to a release: who, when, codes and numbers. Rows are only added."""

    release = models.ForeignKey("releases.Release", on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField(help_text="1, 2, 3 … within the release.")
    code = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    data: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    happened_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["release", "number"], name="release_event_numbered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.release} {self.number}: {self.code}"

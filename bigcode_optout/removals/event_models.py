"""What happened to a request, and the words of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class RequestEvent(models.Model):
    """Something that happened to a request: codes, ids and times. Rows are only added; triggers see to it.

    Each holds the hash of the one before it, see `chaining`. `events.note` alone makes them.
    """

    request = models.ForeignKey("removals.RemovalRequest", on_delete=models.CASCADE, related_name="events")
    number = models.PositiveIntegerField(help_text="1, 2, 3 … within the request.")
    code = models.CharField(max_length=40)
    by_role = models.CharField(max_length=20, help_text="requester, reviewer or system")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    data = models.JSONField(default=dict)
    is_internal = models.BooleanField(default=False, help_text="Not shown to the requester.")
    happened_at = models.DateTimeField()
    text_hash = models.CharField(max_length=64, blank=True, default="", help_text="Of salt and words.")
    previous_hash = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "number"], name="event_numbered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.number}: {self.code}"


class EventText(models.Model):
    """The words that belong to an event. Apart from it, so that the row can be erased and the event stays.

    A row is written once and may be deleted, never changed: triggers see to it.
    """

    event = models.OneToOneField(RequestEvent, on_delete=models.CASCADE, related_name="words")
    text = models.TextField()
    salt = models.CharField(max_length=32, blank=True, default="", help_text="Goes when the words go.")

    def __str__(self) -> str:
        return self.text[:60]


class EventHead(models.Model):
    """The end of a request's chain: without it nobody could see that the last event was taken away."""

    request = models.OneToOneField(
        "removals.RemovalRequest", on_delete=models.CASCADE, related_name="event_head"
    )
    number = models.PositiveIntegerField(help_text="Of the last event.")
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.request} ends at {self.number}"

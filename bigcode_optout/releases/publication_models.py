"""A verified release whose dataset version is out, and how far its requesters were told."""

from django.conf import settings
from django.db import models

from bigcode_optout.core import clock


class Publication(models.Model):
    """The dataset version is out. A worker has it until `lease_until` while it makes requests fulfilled.

    `number` counts workers, `reached_id` is the last request that was done: any worker can go on from there.
    """

    release = models.OneToOneField("releases.Release", on_delete=models.PROTECT, related_name="publication")
    version = models.CharField(max_length=40, help_text="The dataset version, as published.")
    absent_kinds = models.JSONField(default=list, help_text="Scope kinds that the version has nothing of.")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    request_count = models.PositiveIntegerField(help_text="Requests with a part on the list.")
    done_count = models.PositiveIntegerField(default=0)
    fulfilled_count = models.PositiveIntegerField(default=0)
    reached_id = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    number = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.release} as {self.version}"

    @property
    def is_due(self) -> bool:
        """True when requests are left and no living worker is at it."""
        is_free = self.lease_until is None or self.lease_until < clock.now()
        return self.finished_at is None and is_free

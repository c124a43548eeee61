"""What is accepted without a person, and since when: each change is a row, the newest one holds."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class PolicyChange(models.Model):
    """The policy as a person of the desk left it. Rows are only added; before the first one, the settings hold."""

    accepts = models.JSONField(help_text="By kind of claim, and for large organisations: true or false.")
    large_from_members = models.PositiveIntegerField()
    large_from_repositories = models.PositiveIntegerField()
    is_stopped = models.BooleanField(help_text="Nothing is accepted without a person.")
    reason = models.TextField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        permissions = [("set_policy", "Can set what is accepted without a person")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="policy_changed_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"policy {self.pk}"

"""The sentences that requesters read for each reason, as they were written at the desk."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from bigcode_optout.removals.decision_models import DecisionReason, DecisionVerdict


class ReasonText(models.Model):
    """One wording of one reason in one language. An edited text is a new row; the one with the highest version counts.

    Where there is no row, the text of `removals.default_texts` counts.
    """

    verdict = models.CharField(max_length=10, choices=DecisionVerdict)
    reason = models.CharField(max_length=30, choices=DecisionReason)
    language = models.CharField(max_length=10, help_text="A code of settings.DECISION_LANGUAGES.")
    version = models.PositiveIntegerField(help_text="1, 2, 3 … for this reason, verdict and language.")
    sentence = models.CharField(max_length=600)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["verdict", "reason", "language", "-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["verdict", "reason", "language", "version"], name="text_version_once"
            ),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="text_versions_begin_with_one"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}, {self.get_reason_display()} ({self.language}, version {self.version})"

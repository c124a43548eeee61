"""What all workers of one machine share about GitHub where there is no Redis: the hour's budget, answers with ETags."""

from typing import ClassVar

from django.db import models


class GitHubAllowance(models.Model):
    """How many calls GitHub last said are left, by a hash of who asks where. One row for the site's own app."""

    key = models.CharField(max_length=64, primary_key=True)
    limit = models.PositiveIntegerField()
    remaining = models.PositiveIntegerField()
    reset_at = models.DateTimeField(help_text="When the hour ends, as GitHub said.")
    wait_until = models.DateTimeField(null=True, help_text="Until when GitHub asked this site to stop.")
    burst_count = models.PositiveSmallIntegerField(
        default=0, help_text="Limits on bursts that fired one after another."
    )

    def __str__(self) -> str:
        return f"{self.remaining} of {self.limit} until {self.reset_at:%H:%M}"


class GitHubAnswer(models.Model):
    """The few fields that were read of a public answer, by a salted hash of question and asker. Gone after 30 days."""

    key = models.CharField(max_length=64, primary_key=True)
    etag = models.CharField(max_length=200)
    body = models.TextField()
    link = models.TextField(blank=True)
    kept_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kept_at"], name="github_answer_kept_at")
        ]

    def __str__(self) -> str:
        return self.key[:12]

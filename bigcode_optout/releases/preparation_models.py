"""What is asked of GitHub once more before a freeze: one row a preparation, one row a question."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from bigcode_optout.core import clock

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Preparation(models.Model):
    """One look at all public facts behind what stands. A worker has it until `lease_until`; `number` counts workers, so
    that one that was overtaken writes nothing. Kept with its release."""

    release = models.ForeignKey("releases.Release", on_delete=models.PROTECT, related_name="preparations")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    heard_at = models.DateTimeField(help_text="When GitHub last answered; at first when it was started.")
    finished_at = models.DateTimeField(null=True)
    number = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    next_attempt_at = models.DateTimeField(help_text="Not to be gone on with before.")
    failure_count = models.PositiveIntegerField(
        default=0, help_text="Failed questions since the last answer."
    )
    unasked_count = models.PositiveIntegerField(
        default=0, help_text="Parts of which no number is known, so that nothing can be asked."
    )
    problem = models.CharField(
        max_length=40, blank=True, help_text="The code of GitHub's last refusal or silence."
    )

    rechecks: "RelatedManager[Recheck]"

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["release"],
                condition=models.Q(finished_at__isnull=True),
                name="one_unfinished_preparation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release}, {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def is_due(self) -> bool:
        """True when it has not ended, nobody has it, and it may go on at once."""
        return self.finished_at is None and self.lease_until is None and self.next_attempt_at <= clock.now()


class Recheck(models.Model):
    """One question and its answer: an account or organisation by number, a repository by number, or by name where the
    number was never known. Asked once a preparation."""

    class Kind(models.TextChoices):
        """What is asked about."""

        OWNER = "owner", "account or organisation"
        REPOSITORY = "repository", "repository"
        NAME = "name", "repository without a number"

    class Outcome(models.TextChoices):
        """What came out. Only `MOVED` can contradict a proof; an account that is `GONE` gives its login a last day."""

        WAITING = "", "not asked yet"
        SAME = "same", "as before"
        RENAMED = "renamed", "another name"
        GONE = "gone", "not shown by GitHub any more"
        MOVED = "moved", "another owner"
        SILENT = "silent", "no answer"

    preparation = models.ForeignKey(Preparation, on_delete=models.CASCADE, related_name="rechecks")
    kind = models.CharField(max_length=20, choices=Kind)
    number = models.BigIntegerField(null=True)
    name_key = models.CharField(max_length=200, blank=True, help_text="Folded; of kind “name” only.")
    name = models.CharField(max_length=250, help_text="What it was called so far.")
    known_at = models.DateTimeField(help_text="When that was last known.")
    owner_id = models.BigIntegerField(null=True, help_text="Whose it was.")
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True, default=Outcome.WAITING)
    name_now = models.CharField(max_length=250, blank=True)
    owner_id_now = models.BigIntegerField(null=True)
    try_count = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["kind", "name", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["preparation", "outcome", "try_count"], name="recheck_next")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["preparation", "kind", "number"],
                condition=models.Q(number__isnull=False),
                name="recheck_once_by_number",
            ),
            models.UniqueConstraint(
                fields=["preparation", "name_key"],
                condition=models.Q(number__isnull=True),
                name="recheck_once_by_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_outcome_display()}"

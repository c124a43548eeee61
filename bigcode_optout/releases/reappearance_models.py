"""What a version holds of what was asked to be left out: one sweep a version, for the build that answers for it."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class VersionSweep(models.Model):
    """One search of a version for every standing exclusion and accepted item. Done anew when another build answers for
    the version, and after each freeze; what it found is replaced then."""

    class SweepState(models.TextChoices):
        """How far it is."""

        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    version = models.OneToOneField("catalog.DatasetVersion", on_delete=models.CASCADE, related_name="sweep")
    build = models.ForeignKey("catalog.IndexBuild", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=SweepState, default=SweepState.RUNNING)
    number = models.PositiveIntegerField(
        default=0, help_text="Counts the tries: the last one that began counts."
    )
    failure_count = models.PositiveIntegerField(default=0, help_text="Failures since the last success.")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(
        null=True, help_text="A worker sweeps until then; one that is silent for longer is dead."
    )
    next_attempt_at = models.DateTimeField(null=True, help_text="After a failure: not to be tried before.")
    rule_count = models.IntegerField(default=0, help_text="Names and numbers that were looked for.")
    found_count = models.IntegerField(default=0, help_text="Different repositories that one of them covers.")
    failure = models.CharField(max_length=400, blank=True)

    reappearances: "RelatedManager[Reappearance]"

    class Meta:
        ordering: ClassVar[list[str]] = ["-version__data_date", "-version__name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(finished_at__isnull=False),
                name="done_sweep_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Sweep of {self.version}"


class Reappearance(models.Model):
    """A repository of the version that an item covers, as the dataset has it, and by what it was found."""

    class FoundBy(models.TextChoices):
        """What led to it, the plainest first."""

        NAME = "name", "its name"
        SPELLING = "spelling", "its name in another spelling"
        NUMBER = "number", "its repository number, under another name"

    sweep = models.ForeignKey(VersionSweep, on_delete=models.CASCADE, related_name="reappearances")
    item = models.ForeignKey("removals.ScopeItem", on_delete=models.CASCADE, related_name="reappearances")
    full_name = models.CharField(max_length=250)
    repository_id = models.BigIntegerField(null=True)
    file_count = models.BigIntegerField()
    byte_count = models.BigIntegerField()
    found_by = models.CharField(max_length=20, choices=FoundBy)
    excluded_since = models.ForeignKey(
        "releases.Release",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The list that had it first; empty while no frozen list has it.",
    )
    is_unexpected = models.BooleanField(
        default=False, help_text="The version came after that list, so it should be without it."
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["-is_unexpected", "full_name"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["is_unexpected", "full_name"], name="reappearance_unexpected"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["sweep", "item", "full_name", "repository_id"], name="reappeared_once_with_id"
            ),
            models.UniqueConstraint(
                fields=["sweep", "item", "full_name"],
                condition=models.Q(repository_id__isnull=True),
                name="reappeared_once_without_id",
            ),
            models.CheckConstraint(
                condition=models.Q(is_unexpected=False) | models.Q(excluded_since__isnull=False),
                name="unexpected_names_its_list",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

"""What checks over a dataset's files have shown about a release's list."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Verification(models.Model):
    """One report of `verify` over files of the version that a release is for. Never changed."""

    release = models.ForeignKey("releases.Release", on_delete=models.PROTECT, related_name="verifications")
    report_sha256 = models.CharField(
        max_length=64, unique=True, help_text="Of the report's bytes: each is kept once."
    )
    report = models.JSONField(help_text="As it came.")
    has_passed = models.BooleanField(help_text="Nothing that the list covers was found.")
    schema = models.CharField(max_length=20)
    scope_kind = models.CharField(max_length=20, help_text="files, commits or issues")
    dataset_version = models.CharField(max_length=40)
    data_date = models.DateField(null=True)
    checked_on = models.DateField(help_text="The day that the report names.")
    file_count = models.BigIntegerField()
    row_count = models.BigIntegerField(help_text="Rows that were read.")
    rows_without_login = models.BigIntegerField(
        default=0, help_text="Rows that name nobody, so that only their repositories could be compared."
    )
    rows_left = models.BigIntegerField(help_text="Rows that the list still covers.")
    events_left = models.BigIntegerField(help_text="Single events within rows that it still covers.")
    has_control = models.BooleanField(
        help_text="The same check over the unfiltered files found what apply had reported."
    )
    tool = models.JSONField(help_text="Versions, by name.")
    key_id = models.CharField(max_length=32, blank=True, help_text="The key that signed the report, if any.")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    findings: "RelatedManager[Finding]"

    class Meta:
        ordering: ClassVar[list[str]] = ["recorded_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(has_passed=False) | models.Q(rows_left=0, events_left=0),
                name="passed_verification_left_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release}, {self.scope_kind}, {self.checked_on}"


class Finding(models.Model):
    """A rule of the list that still covers something in the files."""

    verification = models.ForeignKey(Verification, on_delete=models.CASCADE, related_name="findings")
    exclusion = models.ForeignKey("releases.Exclusion", on_delete=models.PROTECT, related_name="findings")
    row_count = models.BigIntegerField()
    event_count = models.BigIntegerField()
    shard_count = models.IntegerField()
    first_shard = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["verification", "exclusion"], name="finding_once_per_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.exclusion}: {self.row_count} rows"

"""A release is a frozen set of exclusions for a coming dataset version. (Not a GitHub release.)"""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

# Django looks for a room's models in this module.
from bigcode_optout.releases.access_models import AccessToken
from bigcode_optout.releases.export_models import DeltaExport, KeyedListKey
from bigcode_optout.releases.lifecycle import State
from bigcode_optout.releases.preparation_models import Preparation, Recheck
from bigcode_optout.releases.publication_models import Publication
from bigcode_optout.releases.reappearance_models import Reappearance, VersionSweep
from bigcode_optout.releases.release_event_models import ReleaseEvent
from bigcode_optout.releases.signing_models import PublishedKey
from bigcode_optout.releases.verification_models import Finding, Verification

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


__all__ = [
    "AccessToken",
    "DeltaExport",
    "Exclusion",
    "Export",
    "Finding",
    "KeyedListKey",
    "Preparation",
    "Publication",
    "PublishedKey",
    "Reappearance",
    "Recheck",
    "Release",
    "ReleaseEvent",
    "ReleaseState",
    "SharedContent",
    "Verification",
    "VersionSweep",
]


class ReleaseState(models.TextChoices):
    """The states of the lifecycle, with their words."""

    OPEN = State.OPEN, "open"
    FROZEN = State.FROZEN, "frozen"
    HANDED_OVER = State.HANDED_OVER, "handed over"
    VERIFIED = State.VERIFIED, "verified"
    FAILED = State.FAILED, "failed"
    PUBLISHED = State.PUBLISHED, "published"


class SharedContent(models.TextChoices):
    """The list's choice about files of version 1 with several holders; it stands in the manifest."""

    DROP = "drop", "the file goes"
    KEEP = "keep", "it stays, without the excluded holder's columns"


class Release(models.Model):
    """The exclusions for one coming version: open until its freeze, unchanged ever after."""

    dataset = models.ForeignKey("catalog.Dataset", on_delete=models.PROTECT, related_name="releases")
    name = models.CharField(max_length=40, help_text="The version it is for, such as v3.1.")
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="patches",
        help_text="The failed release in whose place it stands.",
    )
    state = models.CharField(max_length=20, choices=ReleaseState, default=ReleaseState.OPEN, editable=False)
    freeze_planned_at = models.DateTimeField(
        null=True, blank=True, help_text="Requests accepted by then are in."
    )
    shared_content = models.CharField(
        max_length=10,
        choices=SharedContent,
        default=SharedContent.DROP,
        help_text="What becomes of a version 1 file that several repositories hold when one of them is excluded.",
    )
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, editable=False)
    frozen_at = models.DateTimeField(null=True, editable=False)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    rule_count = models.IntegerField(null=True, editable=False)
    canonical_sha256 = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Of the canonical JSON Lines, taken at the freeze.",
    )
    handed_over_at = models.DateTimeField(null=True, editable=False)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    exclusions: "RelatedManager[Exclusion]"
    exports: "RelatedManager[Export]"
    deltas: "RelatedManager[DeltaExport]"
    preparations: "RelatedManager[Preparation]"
    events: "RelatedManager[ReleaseEvent]"
    verifications: "RelatedManager[Verification]"
    patches: "RelatedManager[Release]"

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        permissions = [
            ("freeze_release", "Can freeze a release"),
            ("export_release", "Can export a release"),
            ("hand_over_release", "Can hand over a release"),
            ("record_verification", "Can record a verification of a release"),
            ("publish_release", "Can say that a release is published"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dataset", "name"], name="release_once_per_dataset"),
            models.UniqueConstraint(
                fields=["dataset"],
                condition=models.Q(state="open", replaces__isnull=True),
                name="one_open_release_per_dataset",
            ),
            models.UniqueConstraint(
                fields=["dataset"],
                condition=models.Q(state="open", replaces__isnull=False),
                name="one_open_patch_per_dataset",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]), name="release_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open") | models.Q(frozen_at__isnull=False),
                name="frozen_release_has_its_time",
            ),
            models.CheckConstraint(
                condition=models.Q(shared_content__in=["drop", "keep"]), name="release_shared_content_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def version_names(self) -> list[str]:
        """What the dataset version may be called that it is for: its own name, or that of the release it replaces."""
        replaced = self.replaces.version_names if self.replaces else []
        return [self.name, *replaced]


class Exclusion(models.Model):
    """One rule of a frozen release. Written by the freeze, never changed."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="exclusions")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_index=True)
    name_valid_until = models.DateField(null=True)
    owner_id = models.BigIntegerField(null=True, db_index=True)
    repo_id = models.BigIntegerField(null=True, db_index=True)
    files = models.BooleanField()
    commits = models.BooleanField()
    issues = models.BooleanField()
    since_release = models.CharField(max_length=40)
    items = models.ManyToManyField("removals.ScopeItem", related_name="exclusions")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["owner", "repository"]), name="exclusion_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(files=True) | models.Q(commits=True) | models.Q(issues=True),
                name="exclusion_excludes_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Export(models.Model):
    """A frozen release written as files in one format. Written once, kept."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="exports")
    format = models.CharField(max_length=20)
    path = models.CharField(max_length=500, help_text="Folder below EXPORT_DIR.")
    manifest = models.JSONField()
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["release", "format"], name="export_once_per_format"),
        ]

    def __str__(self) -> str:
        return f"{self.release} as {self.format}"

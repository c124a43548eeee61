"""Datasets, their versions, and the index builds that answer for a version."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, ClassVar

from django.db import models

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Dataset(models.Model):
    """A published dataset, and which scope kinds its next version can honour."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=100)
    honours_files = models.BooleanField(default=True)
    honours_commits = models.BooleanField(default=True)
    honours_issues = models.BooleanField(default=False)

    versions: "RelatedManager[DatasetVersion]"

    def __str__(self) -> str:
        return self.title

    @property
    def honoured_kinds(self) -> frozenset[str]:
        """The scope kinds that the next version can leave out; the others are noted."""
        return frozenset(kind for kind in ("files", "commits", "issues") if getattr(self, f"honours_{kind}"))


class DatasetVersion(models.Model):
    """A version that is out, with the facts of its current build. The data date is the day the crawl stands for."""

    class Deduplicated(models.TextChoices):
        """Whether the version keeps each content once."""

        NO = "no", "no"
        EXACT = "exact", "exact"
        NEAR = "near", "near"

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(max_length=40)
    schema = models.CharField(max_length=40)
    data_date = models.DateField()
    deduplicated = models.CharField(max_length=10, choices=Deduplicated)
    has_repository_ids = models.BooleanField(default=False)
    has_sizes = models.BooleanField(default=True, help_text="Off: every size would read 0.")
    has_file_counts = models.BooleanField(
        default=True, help_text="Off: it names repositories and not their files."
    )
    registered_at = models.DateTimeField(auto_now_add=True, help_text="When its first build was registered.")
    current_build = models.ForeignKey(
        "IndexBuild", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    builds: "RelatedManager[IndexBuild]"

    class Meta:
        ordering: ClassVar[list[str]] = ["-data_date", "-name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dataset", "name"], name="version_once_per_dataset"),
        ]

    def __str__(self) -> str:
        return self.name


class IndexBuild(models.Model):
    """One build of a version's index: a folder that never changes. The row stays when the folder is removed."""

    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="builds")
    path = models.CharField(max_length=500, unique=True, help_text="Folder below INDEX_DIR.")
    manifest = models.JSONField()
    repository_count = models.BigIntegerField()
    owner_count = models.BigIntegerField()
    file_count = models.BigIntegerField()
    byte_count = models.BigIntegerField()
    built_at = models.DateTimeField()
    remarks = models.JSONField(default=list, help_text="Sentences said when it was registered.")
    retired_at = models.DateTimeField(
        null=True, help_text="Since when another build answers; its folder stays for a grace period."
    )
    removed_at = models.DateTimeField(null=True, help_text="When its folder was removed.")

    class Meta:
        ordering: ClassVar[list[str]] = ["-built_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(removed_at__isnull=True) | models.Q(retired_at__isnull=False),
                name="only_a_retired_build_is_removed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} ({self.built_at:%Y-%m-%d %H:%M})"

    @property
    def is_current(self) -> bool:
        """True while it answers for its version."""
        return self.version.current_build_id == self.pk

    @property
    def name(self) -> str:
        """The name of its folder, by which commands mean it."""
        return PurePosixPath(self.path).name

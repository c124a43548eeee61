"""What is kept beside the lists: the key of a release's keyed list, and deltas."""

from typing import ClassVar

from django.db import models

from bigcode_optout.exclusionlist import ListKey


class KeyedListKey(models.Model):
    """The secret under which a release's keyed lists are written: one a release, made once, never changed.

    It stands beside the rules: whoever reads them here needs no key to know the names.
    """

    release = models.OneToOneField(
        "releases.Release", on_delete=models.PROTECT, related_name="keyed_list_key", editable=False
    )
    secret = models.CharField(max_length=80, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"key of the keyed list of {self.release}"

    @property
    def list_key(self) -> ListKey:
        """The key, whose `repr` does not show it."""
        return ListKey.from_text(self.secret)


class DeltaExport(models.Model):
    """What leads from an earlier release's list to this one's, as files. Written once, kept."""

    release = models.ForeignKey("releases.Release", on_delete=models.PROTECT, related_name="deltas")
    before = models.ForeignKey("releases.Release", on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=500, help_text="Folder below EXPORT_DIR.")
    manifest = models.JSONField()
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["release", "before"], name="delta_once_per_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.before} to {self.release}"

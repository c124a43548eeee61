"""What the queue says about each request, kept beside it so that fifty thousand can be listed, filtered and counted."""

from typing import ClassVar

from django.db import models


class Source(models.TextChoices):
    """Where a request came from."""

    SITE = "site", "This site"
    IMPORT = "import", "Imported issue"
    FORM = "form", "Form without an account"


class Size(models.TextChoices):
    """How many repositories were located, in the version that has most of them."""

    NOTHING = "nothing", "Nothing found"
    FEW = "few", "1 to 9 repositories"
    SOME = "some", "10 to 99"
    MANY = "many", "100 to 999"
    HUGE = "huge", "1,000 and more"


class QueueLine(models.Model):
    """A request in short, as `lines.facts_of` computes it from the request's own rows: never edited, only rewritten.

    `scopes`, `guards` and `versions` are codes between commas (`,account,repository,`; empty when there is none), so
    that one condition works on SQLite and PostgreSQL alike.
    """

    request = models.OneToOneField(
        "removals.RemovalRequest", on_delete=models.CASCADE, primary_key=True, related_name="queue_line"
    )
    source = models.CharField(max_length=10, choices=Source, default=Source.SITE)
    scopes = models.CharField(max_length=200, blank=True, help_text="Kinds of claims and scopes.")
    proof = models.CharField(max_length=20, help_text="The worst of the items.")
    guards = models.CharField(max_length=1000, blank=True, help_text="Of all items, and an open objection.")
    versions = models.CharField(max_length=1000, blank=True, help_text="Versions that hold something of it.")
    size = models.CharField(max_length=10, choices=Size, default=Size.NOTHING)
    item_count = models.PositiveIntegerField(default=0)
    repository_count = models.PositiveIntegerField(
        default=0, help_text="In the version that has most of them."
    )
    scope = models.JSONField(
        default=list, help_text="The first items: kind, kind of claim, name, scope kinds."
    )
    holdings = models.JSONField(
        default=list, help_text="Version and repositories, newest version first; null: not searched."
    )
    decided_by = models.CharField(
        max_length=20, blank=True, help_text="Role of the last decision; empty while open."
    )
    decided_at = models.DateTimeField(
        null=True, help_text="As the request says, for the figures of each day."
    )
    standing_in = models.ForeignKey(
        "catalog.Dataset",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Whose next freeze takes an accepted item of it; null: none stands.",
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # With both in it the figures of thirty days are read from the index alone.
            models.Index(fields=["decided_at", "decided_by"], name="line_decided"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(source__in=["site", "import", "form"]), name="line_source_known"
            ),
        ]

    def __str__(self) -> str:
        return f"line of {self.pk}"

"""What accounts and repositories were called, and when: names are labels with a time."""

from typing import Any, ClassVar

from django.db import models

from bigcode_optout.names import fold


class KnownName(models.Model):
    """A name under which GitHub knew an account or repository by its number.

    Kept as long as an exclusion stands on it: it gives a name its last day. `last_seen_at` is the last time that GitHub
    said so; `left_at` is when it first said otherwise, null while the name is the one of today.
    """

    class Of(models.TextChoices):
        """Numbers of accounts and of repositories are spaces of their own."""

        OWNER = "owner", "account or organisation"
        REPOSITORY = "repository", "repository"

    kind = models.CharField(max_length=20, choices=Of)
    number = models.BigIntegerField()
    name = models.CharField(max_length=200, help_text="GitHub's own spelling.")
    name_key = models.CharField(max_length=200, editable=False)
    last_seen_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-last_seen_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "number", "name_key"], name="name_known_once"),
            models.UniqueConstraint(
                fields=["kind", "number"],
                condition=models.Q(left_at__isnull=True),
                name="one_name_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded name beside the shown one."""
        self.name_key = fold(self.name)
        super().save(*args, **kwargs)

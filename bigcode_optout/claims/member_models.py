"""How many members an organisation has, as GitHub showed."""

from typing import ClassVar

from django.db import models


class MemberCount(models.Model):
    """A figure and its time; who the members are is kept nowhere.

    `is_whole`: one of them asked, so those who hide that they belong to it were counted as well. Counting ends when
    there are enough for a large organisation: the figure is then the least there are.
    """

    organisation_id = models.BigIntegerField(help_text="GitHub’s number of the organisation.")
    is_whole = models.BooleanField()
    count = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation_id", "is_whole"], name="members_counted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.count:,} members" if self.is_whole else f"{self.count:,} members shown in public"

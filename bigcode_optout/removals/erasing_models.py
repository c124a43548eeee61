"""That what was written in a request was erased, and when."""

from typing import ClassVar

from django.db import models


class Erasure(models.Model):
    """The request's words, names and addresses are gone; codes, numbers of rows and times stay. Happens once."""

    request = models.OneToOneField(
        "removals.RemovalRequest", on_delete=models.CASCADE, related_name="erasure"
    )
    erased_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-erased_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.request}, erased {self.erased_at:%Y-%m-%d}"

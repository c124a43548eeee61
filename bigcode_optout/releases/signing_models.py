"""The public keys that the desk has signed with, or will: what is served for everybody who checks a list."""

from typing import ClassVar

from django.db import models


class PublishedKey(models.Model):
    """One public key. It stays, so that what it signed can be checked for ever; the private key is never here.

    Days are those on which a list was frozen. A revoked key counts for nothing, whatever day a list names.
    """

    key_id = models.CharField(max_length=32, unique=True, editable=False)
    public_key = models.TextField(editable=False, help_text="In PEM.")
    valid_from = models.DateField(editable=False, help_text="The earliest day of what it signs.")
    valid_until = models.DateField(null=True, editable=False, help_text="Until further notice while empty.")
    revoked_on = models.DateField(null=True, editable=False, help_text="It was lost or leaked.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="published_key_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.key_id

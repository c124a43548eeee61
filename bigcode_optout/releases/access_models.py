"""Who may read lists by script: tokens, kept as a hash."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from bigcode_optout.core import clock


class AccessToken(models.Model):
    """A token for the API. The token itself is shown once and is nowhere here; `prefix` is its public beginning."""

    class Scope(models.TextChoices):
        """What a token is for; each needs its own."""

        LIST = "list", "read the lists, with names"
        KEYED = "keyed", "read the keyed lists and their key"
        VERIFY = "verify", "send verification reports"

    holder = models.CharField(max_length=100, help_text="The person or team that has it.")
    prefix = models.CharField(max_length=20, unique=True, editable=False)
    secret_sha256 = models.CharField(max_length=64, editable=False)
    reads_list = models.BooleanField(default=False, editable=False)
    reads_keyed = models.BooleanField(default=False, editable=False)
    sends_verifications = models.BooleanField(default=False, editable=False)
    terms_accepted_at = models.DateTimeField(
        null=True, editable=False, help_text="When the holder accepted the terms for holders of copies."
    )
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    last_used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        permissions = [
            ("issue_accesstoken", "Can make access tokens"),
            ("revoke_accesstoken", "Can revoke access tokens"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(reads_keyed=False) | models.Q(terms_accepted_at__isnull=False),
                name="keyed_token_has_accepted_terms",
            ),
            models.CheckConstraint(
                condition=models.Q(reads_list=True)
                | models.Q(reads_keyed=True)
                | models.Q(sends_verifications=True),
                name="token_is_for_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.holder}"

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """What it is for."""
        return tuple(scope for scope, column in SCOPE_COLUMNS.items() if getattr(self, column))

    @property
    def is_usable(self) -> bool:
        """True while it is neither revoked nor expired."""
        return self.revoked_at is None and clock.now() < self.expires_at


SCOPE_COLUMNS = {
    AccessToken.Scope.LIST: "reads_list",
    AccessToken.Scope.KEYED: "reads_keyed",
    AccessToken.Scope.VERIFY: "sends_verifications",
}

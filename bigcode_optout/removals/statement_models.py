"""What somebody without a GitHub account wrote, before and after they confirmed it by mail."""

from typing import ClassVar

from django.db import models


class Case(models.TextChoices):
    """Why the sender cannot sign in as the account."""

    LOST = "lost", "I cannot sign in to the account any more"
    DELETED = "deleted", "The account was deleted"
    DECEASED = "deceased", "I ask for somebody who has died"
    OTHER_HOST = "other_host", "The code stands on another host"


class Statement(models.Model):
    """Names, what shows that they are the sender's, and whom to write to. Forgotten when it is not confirmed in time.

    The links that are mailed are made of `confirm_key` and `follow_key` and the site's secret key, and stand in no row.
    """

    case = models.CharField(max_length=20, choices=Case)
    names = models.JSONField(default=list, help_text="Logins and owner/name on GitHub, as typed.")
    noted = models.JSONField(
        default=list, help_text="Addresses on other hosts: noted, since the dataset has none."
    )
    evidence = models.TextField(help_text="What shows that it is theirs, in the sender's words.")
    links = models.JSONField(default=list, help_text="Addresses beginning with http:// or https://.")
    email = models.EmailField(help_text="Where both links go.")
    confirm_key = models.CharField(max_length=64, editable=False, help_text="Empty once it was used.")
    follow_key = models.CharField(
        max_length=64, editable=False, help_text="Changed when a new link is asked for."
    )
    written_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, db_index=True)
    request = models.OneToOneField(
        "removals.RemovalRequest", on_delete=models.CASCADE, null=True, related_name="statement"
    )

    class Meta:
        verbose_name = "note about other hosts"
        verbose_name_plural = "notes about other hosts"
        ordering: ClassVar[list[str]] = ["-written_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(request__isnull=True) | models.Q(confirmed_at__isnull=False),
                name="only_confirmed_statement_has_a_request",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True) | models.Q(confirm_key=""),
                name="statement_confirmed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_case_display()} ({self.written_at:%Y-%m-%d})"

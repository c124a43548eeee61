"""What the other owners of an organisation have to do with a request over it: consent, notice, objection."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class OwnerInvitation(models.Model):
    """A link for a second owner. Works once, for seven days.

    The link carries a code made of this row's number and seed with the site's secret key (`inviting.code_of`), so the
    row alone opens nothing, and the requester can be shown the link again.
    """

    class End(models.TextChoices):
        """Why it works no more."""

        USED = "used", "it was used"
        EXPIRED = "expired", "its seven days are over"
        REPLACED = "replaced", "the requester made a newer one"

    request = models.ForeignKey(
        "removals.RemovalRequest", on_delete=models.CASCADE, related_name="invitations"
    )
    claim = models.ForeignKey("claims.Claim", on_delete=models.PROTECT, related_name="+")
    seed = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=10, choices=End, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["request", "claim"],
                condition=models.Q(ended_at__isnull=True),
                name="invitation_live_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, end="")
                | models.Q(ended_at__isnull=False, end__in=["used", "expired", "replaced"]),
                name="invitation_ended_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"For a second owner of {self.claim}"


class OwnerConfirmation(models.Model):
    """A second owner's yes to what a request asks of an organisation. Rows are only added."""

    request = models.ForeignKey(
        "removals.RemovalRequest", on_delete=models.CASCADE, related_name="confirmations"
    )
    claim = models.ForeignKey("claims.Claim", on_delete=models.PROTECT, related_name="+")
    invitation = models.OneToOneField(OwnerInvitation, on_delete=models.PROTECT, related_name="confirmation")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proof = models.ForeignKey("claims.Proof", on_delete=models.PROTECT, related_name="+")
    github_id = models.BigIntegerField(help_text="The account whose role GitHub stated.")
    confirmed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["confirmed_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["request", "claim", "github_id"], name="confirmation_once_per_owner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} confirmed for {self.claim}"


class ObjectionWindow(models.Model):
    """Seven days in which the other owners of a large organisation may object. `notified` is kept as it was."""

    class Outcome(models.TextChoices):
        """How it ended."""

        PASSED = "passed", "nobody objected"
        OBJECTED = "objected", "an owner objected"
        NOBODY_TOLD = "nobody_told", "no owner could be told by mail"
        NOT_NEEDED = "not_needed", "it was decided, or ended, before"

    request = models.ForeignKey("removals.RemovalRequest", on_delete=models.CASCADE, related_name="windows")
    claim = models.ForeignKey("claims.Claim", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    notified = models.JSONField(
        default=list, help_text="Numbers of the people here who are owners as far as known."
    )
    notices = models.ManyToManyField(
        "removals.OutboxMessage", related_name="+", help_text="The mails that told them."
    )
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["opened_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "claim"], name="window_once_per_organisation"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("opened_at")), name="window_has_a_length"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, outcome="")
                | models.Q(
                    closed_at__isnull=False,
                    outcome__in=["passed", "objected", "nobody_told", "not_needed"],
                ),
                name="window_closed_with_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}: objections until {self.ends_at:%Y-%m-%d}"


class Objection(models.Model):
    """A co-owner's no to a request. The words can be erased; that there was one, and when, stays."""

    request = models.ForeignKey(
        "removals.RemovalRequest", on_delete=models.CASCADE, related_name="objections"
    )
    organisation_id = models.BigIntegerField(help_text="GitHub’s number of the organisation.")
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="objections"
    )
    proof = models.ForeignKey("claims.Proof", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=4000, blank=True)
    raised_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["raised_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["request", "organisation_id", "raised_by"],
                condition=models.Q(taken_back_at__isnull=True),
                name="objection_once_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"Objection to {self.request}"

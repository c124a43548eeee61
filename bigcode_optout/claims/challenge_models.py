"""One-time codes that somebody with a say puts in a public place, and what a person tells a reviewer about a claim."""

from typing import ClassVar

from django.db import models


class Challenge(models.Model):
    """A code to be put in a public place that only somebody with a say can write to. Works once.

    The code is kept as it is: the page has to show it until it is used, and then it stands in public anyway. To know it
    gives nobody anything; only writing it at the place does, and it counts for this one claim.
    """

    class Place(models.TextChoices):
        """Where the code is put."""

        PROFILE = "profile", "public profile of the organisation"
        FILE = "file", "file in a repository"

    class End(models.TextChoices):
        """Why it works no more."""

        FOUND = "found", "the code was found"
        EXPIRED = "expired", "its time was over"
        REPLACED = "replaced", "a newer code took its place"
        OTHER_SUBJECT = "other_subject", "the name leads to somebody else now"

    claim = models.ForeignKey("claims.Claim", on_delete=models.PROTECT, related_name="challenges")
    place = models.CharField(max_length=10, choices=Place)
    code = models.CharField(max_length=40, unique=True)
    subject_id = models.BigIntegerField(
        help_text="GitHub’s number of the organisation, or of the repository with the file."
    )
    name = models.CharField(max_length=200, help_text="Login or owner/name, as GitHub had it at the start.")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, help_text="When its owner last asked us to look.")
    checked_at = models.DateTimeField(null=True, help_text="When GitHub was last asked.")
    next_check_at = models.DateTimeField()
    finding = models.CharField(max_length=400, blank=True, help_text="What the last look brought, in words.")
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=20, choices=End, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_check_at"], condition=models.Q(ended_at__isnull=True), name="challenge_live"
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["claim", "place"],
                condition=models.Q(ended_at__isnull=True),
                name="challenge_live_once_per_place",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, end="")
                | models.Q(ended_at__isnull=False, end__in=["found", "expired", "replaced", "other_subject"]),
                name="challenge_ended_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_place_display()} {self.name}"

    @property
    def is_live(self) -> bool:
        """True while it can still be found."""
        return self.ended_at is None

    @property
    def is_waiting(self) -> bool:
        """True when its owner asked us to look, and we have not looked since."""
        if not self.is_live or self.asked_at is None:
            return False
        return self.checked_at is None or self.checked_at < self.asked_at


class ClaimEvidence(models.Model):
    """What a person tells a reviewer about a claim. Rows are only added; their words can be erased."""

    claim = models.ForeignKey("claims.Claim", on_delete=models.PROTECT, related_name="told")
    text = models.TextField(max_length=4000)
    links = models.JSONField(default=list, help_text="Addresses with http or https, as they were typed.")
    told_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-told_at", "-pk"]

    def __str__(self) -> str:
        return f"Told about {self.claim}"

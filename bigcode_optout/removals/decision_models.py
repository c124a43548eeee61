"""What was decided about a part of a request, by whom or by which rule, and the words that were sent."""

from typing import ClassVar, TypeAlias

from django.conf import settings
from django.db import models


class DecisionVerdict(models.TextChoices):
    """Yes or no."""

    ACCEPT = "accept", "accepted"
    DECLINE = "decline", "declined"


class DecisionReason(models.TextChoices):
    """Reason codes. Which of them go with which verdict stands in `FITTING`."""

    CONTROL_SHOWN = "control_shown", "control shown"
    INSUFFICIENT_PROOF = "insufficient_proof", "insufficient proof"
    NO_AUTHORITY = "no_authority", "no authority over the whole organisation"
    NOT_IN_DATASET = "not_in_dataset", "not in the dataset"
    DUPLICATE = "duplicate", "duplicate"
    NOT_COVERED = "not_covered", "not covered by this dataset"
    WITHDRAWN = "withdrawn", "withdrawn by requester"
    ABUSIVE = "abusive", "abusive"
    OTHER = "other", "other"


# What is not in the dataset and is the requester's own is accepted: kept as an exclusion for what may come.
FITTING: dict[str, tuple[DecisionReason, ...]] = {
    DecisionVerdict.ACCEPT: (
        DecisionReason.CONTROL_SHOWN,
        DecisionReason.NOT_IN_DATASET,
        DecisionReason.OTHER,
    ),
    DecisionVerdict.DECLINE: (
        DecisionReason.INSUFFICIENT_PROOF,
        DecisionReason.NO_AUTHORITY,
        DecisionReason.NOT_IN_DATASET,
        DecisionReason.DUPLICATE,
        DecisionReason.NOT_COVERED,
        DecisionReason.WITHDRAWN,
        DecisionReason.ABUSIVE,
        DecisionReason.OTHER,
    ),
}


class Decision(models.Model):
    """What was decided about one item, by whom or by which rule, and what the requester reads. Rows are only added."""

    Verdict: TypeAlias = DecisionVerdict
    Reason: TypeAlias = DecisionReason

    item = models.ForeignKey("removals.ScopeItem", on_delete=models.CASCADE, related_name="decisions")
    verdict = models.CharField(max_length=10, choices=DecisionVerdict)
    reason = models.CharField(max_length=30, choices=DecisionReason)
    sentence = models.TextField(help_text="As it was sent, whatever became of the text since.")
    language = models.CharField(
        max_length=10, blank=True, help_text="The sentence's language; empty for a reviewer's own words."
    )
    rule = models.CharField(
        max_length=60, blank=True, help_text="The policy's rule; empty when a person decided."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The second reviewer, where it took two.",
    )
    decided_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-decided_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=(models.Q(decided_by__isnull=False) & models.Q(rule=""))
                | (models.Q(decided_by__isnull=True) & ~models.Q(rule="")),
                name="decided_by_a_person_or_a_rule",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True)
                | (models.Q(decided_by__isnull=False) & ~models.Q(confirmed_by=models.F("decided_by"))),
                name="decision_confirmed_by_another_person",
            ),
            models.CheckConstraint(
                condition=models.Q(verdict="accept", reason__in=[*FITTING[DecisionVerdict.ACCEPT]])
                | models.Q(verdict="decline", reason__in=[*FITTING[DecisionVerdict.DECLINE]]),
                name="decision_reason_fits_verdict",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.get_verdict_display()}"

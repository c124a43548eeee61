"""Decisions that one reviewer proposed and another one has to confirm."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from bigcode_optout.removals.decision_models import DecisionReason, DecisionVerdict

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Proposal(models.Model):
    """What a first reviewer would decide. Nothing of it counts, and nobody is told, until a second one confirms."""

    class ProposalState(models.TextChoices):
        """What became of it. Whether a waiting one is stale is derived: `two_people.waiting` leaves those out."""

        WAITING = "waiting", "waits for a second reviewer"
        CONFIRMED = "confirmed", "confirmed"
        REFUSED = "refused", "refused"
        TAKEN_BACK = "taken_back", "taken back"
        STALE = "stale", "overtaken by another one"

    request = models.ForeignKey("removals.RemovalRequest", on_delete=models.CASCADE, related_name="proposals")
    state = models.CharField(max_length=20, choices=ProposalState, default=ProposalState.WAITING)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    event_number = models.PositiveIntegerField(
        help_text="The request's event that it was put down with: later ones may make it stale."
    )
    grounds = models.JSONField(
        default=list, help_text="Why it takes two: codes of removals.two_people_rules.Need."
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)

    verdicts: "RelatedManager[ProposedVerdict]"

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["request"],
                condition=models.Q(state="waiting"),
                name="one_waiting_proposal_per_request",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["confirmed", "refused"])
                | (models.Q(closed_by__isnull=False) & ~models.Q(closed_by=models.F("proposed_by"))),
                name="proposal_answered_by_another_person",
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", closed_at__isnull=True)
                | (~models.Q(state="waiting") & models.Q(closed_at__isnull=False)),
                name="proposal_waits_or_was_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"proposal of {self.proposed_by} about {self.request}"


class ProposedVerdict(models.Model):
    """What is proposed for one item, with the sentence that will be sent."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="verdicts")
    item = models.ForeignKey("removals.ScopeItem", on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=10, choices=DecisionVerdict)
    reason = models.CharField(max_length=30, choices=DecisionReason)
    sentence = models.TextField()
    language = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["item_id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["proposal", "item"], name="item_proposed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.get_verdict_display()}"

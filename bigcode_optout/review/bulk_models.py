"""One verb for many requests: what was planned, and what came of each."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from bigcode_optout.removals.models import Decision

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class BulkRun(models.Model):
    """A list of requests and what one person does to all of them. Planned first, shown, then carried out by a task."""

    class Verb(models.TextChoices):
        """What is done to each, by the verb of that name."""

        ACCEPT = "accept", "Accept"
        ASK = "ask", "Ask a question"
        DENY = "deny", "Deny"
        ASSIGN = "assign", "Assign"

    class RunState(models.TextChoices):
        """How far it is."""

        PLANNED = "planned", "planned"
        RUNNING = "running", "running"
        FINISHED = "finished", "finished"

    verb = models.CharField(max_length=10, choices=Verb)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bulk_runs"
    )
    state = models.CharField(max_length=10, choices=RunState, default=RunState.PLANNED)
    reason = models.CharField(max_length=30, choices=Decision.Reason, blank=True)
    text = models.TextField(
        blank=True, max_length=2000, help_text="Question, or sentence for the requesters."
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    beyond_count = models.PositiveIntegerField(
        default=0, help_text="Requests of the selection that did not fit into one run."
    )
    planned_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(
        null=True, help_text="A worker is at it until then; one that is silent for longer is dead."
    )

    steps: "RelatedManager[BulkStep]"

    class Meta:
        ordering: ClassVar[list[str]] = ["-planned_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}, {self.planned_at:%Y-%m-%d %H:%M}"


class BulkStep(models.Model):
    """One request of a run. Its outcome is written in the transaction of its verb, so that no request is done twice."""

    class Outcome(models.TextChoices):
        """What came of it."""

        WAITING = "waiting", "to be done"
        LEFT_OUT = "left_out", "left out"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="steps")
    request = models.ForeignKey("removals.RemovalRequest", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(help_text="Its place in the list that was shown.")
    seen = models.PositiveIntegerField(help_text="How many events the request had when it was shown.")
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING)
    sentence = models.CharField(max_length=600, blank=True, help_text="Why it was left out, or what failed.")
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "request"], name="step_once_per_request"),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.get_outcome_display()}"

"""A removal request from draft to fulfilled, what it asks for, what was found, what was decided, what happened."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models

from bigcode_optout.core import clock
from bigcode_optout.names import fold
from bigcode_optout.removals.chaining import new_salt
from bigcode_optout.removals.decision_models import Decision as Decision
from bigcode_optout.removals.erasing_models import Erasure as Erasure
from bigcode_optout.removals.event_models import EventHead as EventHead
from bigcode_optout.removals.event_models import EventText as EventText
from bigcode_optout.removals.event_models import RequestEvent as RequestEvent
from bigcode_optout.removals.lifecycle import State
from bigcode_optout.removals.outbox_models import OutboxMessage as OutboxMessage
from bigcode_optout.removals.owner_models import Objection as Objection
from bigcode_optout.removals.owner_models import ObjectionWindow as ObjectionWindow
from bigcode_optout.removals.owner_models import OwnerConfirmation as OwnerConfirmation
from bigcode_optout.removals.owner_models import OwnerInvitation as OwnerInvitation
from bigcode_optout.removals.policy_models import PolicyChange as PolicyChange
from bigcode_optout.removals.statement_models import Case as Case
from bigcode_optout.removals.statement_models import Statement as Statement
from bigcode_optout.removals.text_models import ReasonText as ReasonText
from bigcode_optout.removals.two_people_models import Proposal as Proposal
from bigcode_optout.removals.two_people_models import ProposedVerdict as ProposedVerdict

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class RequestState(models.TextChoices):
    """The states of the lifecycle, with the words of the look."""

    DRAFT = State.DRAFT, "Draft"
    SUBMITTED = State.SUBMITTED, "Received"
    IN_REVIEW = State.IN_REVIEW, "In review"
    NEEDS_INFORMATION = State.NEEDS_INFORMATION, "Question for you"
    ACCEPTED = State.ACCEPTED, "Accepted"
    DENIED = State.DENIED, "Denied"
    MERGED = State.MERGED, "Merged"
    FULFILLED = State.FULFILLED, "Left out and verified"
    WITHDRAWN = State.WITHDRAWN, "Withdrawn"
    OPTED_BACK_IN = State.OPTED_BACK_IN, "Opted back in"
    EXPIRED = State.EXPIRED, "Expired"


class Ground(models.TextChoices):
    """The reason a requester may give. Nobody needs one."""

    NONE = "", "No reason given"
    LICENCE = "licence", "The licence does not allow it"
    PERSONAL = "personal", "It holds personal data"
    CONFIDENTIAL = "confidential", "It was never meant to be public"
    OBJECTION = "objection", "I do not want my code used for training"
    OTHER = "other", "Another reason"


class RemovalRequest(models.Model):
    """One request by one person about one dataset. Its state is changed by `services` alone."""

    # Null on drafts: a unique column has many nulls, but only one empty string.
    reference = models.CharField(max_length=13, unique=True, null=True, editable=False)  # noqa: DJ001
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="removal_requests"
    )
    dataset = models.ForeignKey("catalog.Dataset", on_delete=models.PROTECT, related_name="removal_requests")
    state = models.CharField(max_length=20, choices=RequestState, default=RequestState.DRAFT, editable=False)
    ground = models.CharField(max_length=20, choices=Ground, blank=True, default=Ground.NONE)
    message = models.TextField(blank=True, max_length=2000)
    email = models.EmailField(blank=True)
    language = models.CharField(
        max_length=10, default="en", editable=False, help_text="In which the requester reads decisions."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, editable=False)
    due_at = models.DateTimeField(null=True, editable=False, help_text="When a decision is due.")
    clock_stopped_at = models.DateTimeField(
        null=True, editable=False, help_text="Set while we wait for the requester."
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    lease_until = models.DateTimeField(
        null=True,
        editable=False,
        help_text="A worker locates until then; one that is silent for longer is dead.",
    )
    next_attempt_at = models.DateTimeField(null=True, editable=False, help_text="Not to be located before.")
    attempt_count = models.IntegerField(default=0, editable=False)
    was_appealed = models.BooleanField(default=False, editable=False)
    canonical_text = models.TextField(blank=True, editable=False, help_text="What was asked, word for word.")
    canonical_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="absorbed"
    )

    items: "RelatedManager[ScopeItem]"
    events: "RelatedManager[RequestEvent]"
    locate_runs: "RelatedManager[LocateRun]"
    mails: "RelatedManager[OutboxMessage]"
    absorbed: "RelatedManager[RemovalRequest]"
    invitations: "RelatedManager[OwnerInvitation]"
    confirmations: "RelatedManager[OwnerConfirmation]"
    windows: "RelatedManager[ObjectionWindow]"
    objections: "RelatedManager[Objection]"
    proposals: "RelatedManager[Proposal]"

    class Meta:
        ordering: ClassVar[list[str]] = ["due_at", "pk"]
        permissions = [
            ("decide_removalrequest", "Can decide requests and ask questions"),
            ("decide_senior", "Can decide about large organisations and appeals"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_at"], name="request_queue"),
            # With both times in it the median time to decision is read from the index alone.
            models.Index(fields=["decided_at", "submitted_at"], name="request_decided"),
            models.Index(fields=["submitted_at"], name="request_received"),
            # What the queue sorts, filters and counts by, so that a list of all is read without the requests' texts.
            models.Index(
                fields=["due_at", "id", "state", "ground", "assignee", "was_appealed"],
                condition=models.Q(submitted_at__isnull=False),
                name="request_listed",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["requester", "dataset"],
                condition=models.Q(state="draft"),
                name="one_draft_per_person",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "expired"])
                | models.Q(reference__isnull=False, submitted_at__isnull=False, due_at__isnull=False),
                name="submitted_request_has_reference_and_due_date",
            ),
            models.CheckConstraint(
                condition=models.Q(state="merged", merged_into__isnull=False)
                | (~models.Q(state="merged") & models.Q(merged_into__isnull=True)),
                name="merged_request_points_to_the_elder",
            ),
        ]

    def __str__(self) -> str:
        return self.reference or "draft"

    @property
    def is_overdue(self) -> bool:
        """True when a decision is late and the clock runs."""
        waits_for_us = self.state in (RequestState.SUBMITTED, RequestState.IN_REVIEW)
        return waits_for_us and self.due_at is not None and self.due_at < clock.now()

    @property
    def due_if_answered_now(self) -> datetime | None:
        """The due date, moved by the time that the clock has stood still."""
        if self.due_at and self.clock_stopped_at:
            return self.due_at + (clock.now() - self.clock_stopped_at)
        return self.due_at


class ScopeItem(models.Model):
    """One part of a request: an owner with everything, or one repository. Decided for itself."""

    class Kind(models.TextChoices):
        """What the item covers."""

        OWNER = "owner", "everything under an owner"
        REPOSITORY = "repository", "one repository"

    class ItemState(models.TextChoices):
        """What was decided."""

        OPEN = "open", "In review"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"

    class ProofState(models.TextChoices):
        """What the machine makes of the evidence."""

        UNKNOWN = "unknown", "not checked yet"
        PROVEN = "proven", "shown"
        PARTLY = "partly", "shown in part"
        UNPROVEN = "unproven", "not shown"
        CONTRADICTED = "contradicted", "contradicted"

    request = models.ForeignKey(RemovalRequest, on_delete=models.CASCADE, related_name="items")
    claim = models.ForeignKey("claims.Claim", on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(
        max_length=200, help_text="Login or owner/name, as the dataset or GitHub shows it."
    )
    name_key = models.CharField(max_length=200, db_index=True, editable=False)
    name_valid_until = models.DateField(null=True, blank=True, editable=False)
    owner_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    repository_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    files = models.BooleanField(default=True)
    commits = models.BooleanField(default=True)
    issues = models.BooleanField(default=True)
    state = models.CharField(max_length=20, choices=ItemState, default=ItemState.OPEN, editable=False)
    proof_state = models.CharField(
        max_length=20, choices=ProofState, default=ProofState.UNKNOWN, editable=False
    )
    assessment = models.JSONField(
        default=dict, editable=False, help_text="Rule, guards and counts per version, from claims.authority."
    )
    salt = models.CharField(
        max_length=32,
        blank=True,
        default=new_salt,
        editable=False,
        help_text="Of what events keep of the name. Goes when the name goes.",
    )
    frozen_at = models.DateTimeField(
        null=True, editable=False, help_text="Since then it stands on a frozen list, whatever came after."
    )
    fulfilled_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When a version was first published that was verified to be without it.",
    )

    decisions: "RelatedManager[Decision]"
    located: "RelatedManager[LocatedRepository]"

    class Meta:
        ordering: ClassVar[list[str]] = ["kind", "name_key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "kind", "name_key"], name="item_once_per_request"),
            models.CheckConstraint(
                condition=models.Q(files=True) | models.Q(commits=True) | models.Q(issues=True),
                name="item_asks_for_something",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["owner", "repository"]), name="item_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, everything" if self.kind == self.Kind.OWNER else self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded name beside the shown one."""
        self.name_key = fold(self.name)
        super().save(*args, **kwargs)

    @property
    def kinds(self) -> list[str]:
        """The scope kinds asked for, in the fixed order files, commits, issues."""
        return [kind for kind in ("files", "commits", "issues") if getattr(self, kind)]


class LocateRun(models.Model):
    """One search for a request's scope in one dataset version."""

    class RunState(models.TextChoices):
        """How far the search is."""

        WAITING = "waiting", "waiting"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    request = models.ForeignKey(RemovalRequest, on_delete=models.CASCADE, related_name="locate_runs")
    version = models.ForeignKey(
        "catalog.DatasetVersion", on_delete=models.PROTECT, related_name="locate_runs"
    )
    build = models.ForeignKey("catalog.IndexBuild", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=20, choices=RunState, default=RunState.WAITING)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    repository_count = models.IntegerField(default=0)
    file_count = models.BigIntegerField(default=0)
    byte_count = models.BigIntegerField(default=0)
    failure = models.CharField(max_length=400, blank=True)

    located: "RelatedManager[LocatedRepository]"

    class Meta:
        ordering: ClassVar[list[str]] = ["-version__data_date", "-version__name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "version"], name="run_once_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.request} in {self.version}"


class LocatedRepository(models.Model):
    """A repository of the index that an item covers, as the dataset has it."""

    run = models.ForeignKey(LocateRun, on_delete=models.CASCADE, related_name="located")
    item = models.ForeignKey(ScopeItem, on_delete=models.CASCADE, related_name="located")
    full_name = models.CharField(max_length=250)
    repository_id = models.BigIntegerField(null=True)
    file_count = models.BigIntegerField()
    byte_count = models.BigIntegerField()
    by_name = models.BooleanField()
    by_repository_id = models.BooleanField()

    class Meta:
        ordering: ClassVar[list[str]] = ["full_name"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["repository_id"], name="located_by_number"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["run", "item", "full_name", "repository_id"], name="located_once_with_id"
            ),
            models.UniqueConstraint(
                fields=["run", "item", "full_name"],
                condition=models.Q(repository_id__isnull=True),
                name="located_once_without_id",
            ),
            models.CheckConstraint(
                condition=models.Q(by_name=True) | models.Q(by_repository_id=True),
                name="located_by_something",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

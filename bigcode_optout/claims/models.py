"""“I control X”, the proofs of it, and the public facts of GitHub that were learned on the way."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models

from bigcode_optout.claims.challenge_models import Challenge as Challenge
from bigcode_optout.claims.challenge_models import ClaimEvidence as ClaimEvidence
from bigcode_optout.claims.former_models import LoginFact as LoginFact
from bigcode_optout.claims.member_models import MemberCount as MemberCount
from bigcode_optout.claims.name_models import KnownName as KnownName
from bigcode_optout.names import fold

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class ClaimKind(models.TextChoices):
    """What is claimed."""

    ACCOUNT = "account", "own account"
    ORGANISATION = "organisation", "organisation"
    FORMER_LOGIN = "former_login", "former login"
    REPOSITORY = "repository", "repository of somebody else or of an organisation"
    STATED = "stated", "asked for without a GitHub account"


class Claim(models.Model):
    """A person's word that they control an account, an organisation or a repository."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=20, choices=ClaimKind)
    name = models.CharField(max_length=200, help_text="Login or owner/name, as shown.")
    name_key = models.CharField(max_length=200, editable=False)
    subject_id = models.BigIntegerField(
        null=True,
        blank=True,
        help_text="GitHub's number of the account, organisation or repository, once known.",
    )
    present = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="former",
        help_text="Of a former login: the claim of the account or organisation that had it.",
    )
    made_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(
        null=True, editable=False, help_text="Since then it says in words nothing any more."
    )

    proofs: "RelatedManager[Proof]"
    challenges: "RelatedManager[Challenge]"
    told: "RelatedManager[ClaimEvidence]"

    class Meta:
        ordering: ClassVar[list[str]] = ["kind", "name_key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "kind", "subject_id"],
                condition=models.Q(subject_id__isnull=False) & ~models.Q(kind="former_login"),
                name="claim_once_per_subject",
            ),
            models.UniqueConstraint(
                fields=["user", "subject_id", "name_key"],
                condition=models.Q(kind="former_login"),
                name="claim_once_per_former_login",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="former_login", present__isnull=False, subject_id__isnull=False)
                | (~models.Q(kind="former_login") & models.Q(present__isnull=True)),
                name="former_login_is_of_an_account",
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "name_key"],
                condition=models.Q(subject_id__isnull=True),
                name="claim_once_per_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded name beside the shown one."""
        self.name_key = fold(self.name)
        super().save(*args, **kwargs)


class ProofRows(models.QuerySet["Proof"]):
    """Proofs; what they say is never changed."""

    def update(self, **values: Any) -> int:
        """Only the claim may change: two people who turn out to be one bring their proofs along. Else TypeError."""
        if not values.keys() <= {"claim", "claim_id"}:
            raise TypeError("A proof is never edited. Record another one.")
        return super().update(**values)

    def erase(self) -> int:
        """Retention is over: what was asked and answered goes; method, outcome and times stay."""
        return super().update(evidence={}, sentence="")


class Proof(models.Model):
    """One thing that was checked, how, when, and what came out. Rows are added, never edited: `save` of a proof that is
    there raises TypeError. A later answer by the same method supersedes it (`queries.with_superseded`)."""

    class Method(models.TextChoices):
        """How it was checked."""

        SIGN_IN = "sign_in", "sign-in with GitHub"
        MEMBERSHIP = "membership", "membership of the organisation, as GitHub states"
        PERMISSION = "permission", "permission on the repository, as GitHub states"
        PROFILE_CODE = "profile_code", "one-time code in the organisation’s public profile"
        REPOSITORY_FILE = "repository_file", "one-time code in a file of the repository"
        REPOSITORIES = "repositories", "whose the located repositories are, one by one"
        FORMER_LOGIN = "former_login", "whose the repositories under the former login are, one by one"

    class Outcome(models.TextChoices):
        """What came out."""

        PROVEN = "proven", "shown"
        NOT_PROVEN = "not_proven", "not shown"
        UNAVAILABLE = "unavailable", "GitHub did not answer"
        EVIDENCE = "evidence", "kept for the reviewer"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="proofs")
    method = models.CharField(max_length=20, choices=Method)
    outcome = models.CharField(max_length=20, choices=Outcome)
    evidence = models.JSONField(
        default=dict, help_text="The fields that mattered of what GitHub answered; ids and codes."
    )
    sentence = models.CharField(max_length=400, help_text="What the requester reads about it.")
    checked_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="Older than this, a release manager is told of it.")

    objects = ProofRows.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-checked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_method_display()}: {self.get_outcome_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row. Raises TypeError when it is there already."""
        if not self._state.adding:
            raise TypeError("A proof is never edited. Record another one.")
        super().save(*args, **kwargs)


class OwnerListing(models.Model):
    """When an owner's public repositories were last read from GitHub."""

    owner_id = models.BigIntegerField(unique=True)
    login = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, help_text="User or Organization, as GitHub says.")
    created_at = models.DateTimeField(null=True, help_text="When GitHub says the account was made.")
    read_at = models.DateTimeField()
    repository_count = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.login} ({self.repository_count})"


class RepositoryFact(models.Model):
    """Whose a repository is, as GitHub last said. `full_name_key` is the name that was asked for."""

    full_name_key = models.CharField(max_length=200, blank=True, db_index=True)
    repository_id = models.BigIntegerField(null=True, db_index=True)
    owner_id = models.BigIntegerField(
        null=True, db_index=True, help_text="Null: GitHub knows no such repository."
    )
    owner_login = models.CharField(max_length=100, blank=True)
    full_name = models.CharField(max_length=200, blank=True, help_text="GitHub's own spelling today.")
    is_fork = models.BooleanField(null=True)
    repository_created_at = models.DateTimeField(null=True)
    learned_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["full_name_key"],
                condition=~models.Q(full_name_key=""),
                name="fact_once_per_name",
            ),
            models.UniqueConstraint(
                fields=["repository_id"],
                condition=models.Q(full_name_key=""),
                name="fact_once_per_repository_id",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.full_name_key or str(self.repository_id)

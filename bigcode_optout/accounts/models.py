"""Who is signed in: a person, and the GitHub accounts that person signed in with."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from bigcode_optout.accounts.github_models import GitHubAllowance, GitHubAnswer
from bigcode_optout.names import fold

__all__ = ["GitHubAllowance", "GitHubAnswer", "GitHubIdentity", "PersonMerge", "User"]

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


# How people are named here who asked without signing in.
WITHOUT_ACCOUNT = "form-"


class User(AbstractUser):
    """A person. Those who came through GitHub are named by number (`gh-1234`) and have no password; those who asked
    without signing in are named `form-…` at random and never sign in."""

    same_person_as = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="also_known_as",
        help_text="The GitHub sign-in (gh-…) of the same human. Staff sign in by password as somebody of their own; "
        "nobody decides on a request that they made as the other.",
    )

    identities: "RelatedManager[GitHubIdentity]"

    def __str__(self) -> str:
        return self.username

    @property
    def is_without_account(self) -> bool:
        """True for who asked without signing in: the name here says nothing to anybody."""
        return self.username.startswith(WITHOUT_ACCOUNT)


class GitHubIdentity(models.Model):
    """A GitHub account that this person has signed in with: the number is the identity, the login a label."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="identities")
    github_id = models.BigIntegerField(unique=True)
    login = models.CharField(max_length=100, help_text="As GitHub spelled it when last seen.")
    login_key = models.CharField(max_length=100, db_index=True, editable=False)
    account_created_at = models.DateTimeField(help_text="When GitHub says the account was made.")
    joined_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(help_text="When this account last signed in here.")

    class Meta:
        verbose_name = "GitHub identity"
        verbose_name_plural = "GitHub identities"
        ordering: ClassVar[list[str]] = ["joined_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(github_id__gt=0), name="identity_github_id_positive"),
        ]

    def __str__(self) -> str:
        return self.login

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded login beside the shown one."""
        self.login_key = fold(self.login)
        super().save(*args, **kwargs)


class PersonMerge(models.Model):
    """Two people here turned out to be one: what `source` had went to `target`, and `source` was closed."""

    source = models.OneToOneField(User, on_delete=models.PROTECT, related_name="merged_away")
    target = models.ForeignKey(User, on_delete=models.PROTECT, related_name="merges")
    github_ids = models.JSONField(default=list, help_text="Numbers of the GitHub accounts that moved.")
    merged_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["merged_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="merge_of_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} into {self.target}"

"""People, their GitHub accounts, what they claim and how it was shown."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from bigcode_optout.accounts.models import GitHubIdentity, User
from bigcode_optout.claims.models import Claim, Proof
from bigcode_optout.removals.handing_over import hand_over_cases
from bigcode_optout.removals.policies import DECIDE
from bigcode_optout.review.admins.people_actions import ACTIONS
from bigcode_optout.review.admins.read_only import ReadOnlyAdmin, ReadOnlyInline
from bigcode_optout.review.groups import READ_LOG


class ForSuperusers(admin.ModelAdmin):
    """Whoever gives rights can give any: so only those who have all of them."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers and auditors."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers, and auditors: who reads what staff did reads who they are."""
        return bool(request.user.has_perm(READ_LOG))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers; what a person has asked or decided keeps the person."""
        return bool(request.user.is_superuser)


@admin.register(User)
class DeskUserAdmin(ForSuperusers, UserAdmin):
    """Staff are made here. Those who came through GitHub are listed, too."""

    list_display = ("username", "is_staff", "is_superuser", "is_active", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active", "groups")
    fieldsets = (*(UserAdmin.fieldsets or ()), ("Who this is", {"fields": ("same_person_as",)}))
    raw_id_fields = ("same_person_as",)
    actions = ACTIONS
    # By the verbs of `staffing`, which end what has to end with them.
    readonly_fields = ("is_staff", "is_active")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Whoever decides no more has no cases either: they go back to the queue."""
        super().save_related(request, form, formsets, change)
        user = User.objects.get(pk=form.instance.pk)
        if not user.has_perm(DECIDE):
            hand_over_cases(by=cast(User, request.user), of=user, to=None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not of people who did anything at the desk: the log of it, downloads included, would go with them."""
        is_logged = obj is not None and LogEntry.objects.filter(user=obj).exists()
        return super().has_delete_permission(request, obj) and not is_logged


class DeskGroupAdmin(ForSuperusers, GroupAdmin):
    """The groups of the desk are put right by each migrate; others are free."""


# Importing Django's module, as above, has registered its own.
admin.site.unregister(Group)
admin.site.register(Group, DeskGroupAdmin)


@admin.register(LogEntry)
class LogAdmin(ReadOnlyAdmin):
    """What staff did here, the newest first. Each change of a request is an event of its history, too."""

    list_display = ("action_time", "user", "content_type", "object_repr", "change_message")
    # Only what something was done to: most of the tables are never touched here.
    list_filter = (("content_type", admin.RelatedOnlyFieldListFilter), "action_flag")
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr", "=user__username")
    search_help_text = "Reference, release or user name"
    date_hierarchy = "action_time"
    show_full_result_count = False


@admin.register(GitHubIdentity)
class GitHubIdentityAdmin(ReadOnlyAdmin):
    """Who signed in as which account."""

    list_display = ("login", "github_id", "user", "account_created_at", "joined_at", "seen_at")
    list_select_related = ("user",)
    search_fields = ("login_key", "=github_id", "=user__username")
    search_help_text = "Login (small letters) or GitHub number"


class ProofInline(ReadOnlyInline):
    """What was checked."""

    model = Proof
    fields = ("method", "outcome", "sentence", "evidence", "checked_at", "expires_at")
    readonly_fields = fields


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    """Claims with their proofs."""

    list_display = ("name", "kind", "subject_id", "user", "made_at")
    list_filter = ("kind",)
    list_select_related = ("user",)
    search_fields = ("name_key", "=subject_id", "=user__username")
    inlines = (ProofInline,)


@admin.register(Proof)
class ProofAdmin(ReadOnlyAdmin):
    """Every check, the newest first."""

    list_display = ("claim", "method", "outcome", "checked_at", "expires_at")
    list_filter = ("method", "outcome")
    list_select_related = ("claim",)
    search_fields = ("claim__name_key",)

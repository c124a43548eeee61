"""Close somebody of whom nothing is kept any more: number, login and dates of the GitHub accounts go, the row stays."""

from collections.abc import Sequence
from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import QuerySet

from bigcode_optout.accounts.models import GitHubIdentity, PersonMerge, User
from bigcode_optout.accounts.sessions import end_sessions


def long_away(before: datetime) -> QuerySet[User]:
    """People without any right here who last signed in before that moment.

    Whoever is marked as the same human as one of the staff is not among them, since the mark keeps them from deciding
    on their own requests; nor is who was blocked, since the number is what the block stands on.
    """
    identities = GitHubIdentity.objects.all()
    plain = User.objects.filter(is_active=True, is_staff=False, is_superuser=False)
    unmarked = plain.filter(same_person_as=None).exclude(also_known_as__is_staff=True)
    without_rights = unmarked.filter(groups=None, user_permissions=None)
    present = identities.filter(seen_at__gte=before).values("user")
    return without_rights.filter(pk__in=identities.values("user")).exclude(pk__in=present)


def rows_of(user: User) -> list[int]:
    """The person, and everybody who was merged into them, over however many merges; the person first."""
    rows = [user.pk]
    for pk in rows:
        merged = PersonMerge.objects.filter(target=pk).order_by("pk").values_list("source", flat=True)
        rows.extend(source for source in merged if source not in rows)
    return rows


@transaction.atomic
def forget_accounts(user: User, rows: Sequence[int]) -> None:
    """Close the person of these rows (`rows_of`). Whoever signs in with such an account again is somebody new here."""
    end_sessions(user)
    GitHubIdentity.objects.filter(user__in=rows).delete()
    SocialAccount.objects.filter(user__in=rows).delete()
    PersonMerge.objects.filter(target__in=rows).update(github_ids=[])
    for row in User.objects.filter(pk__in=rows):
        row.username, row.is_active, row.last_login = f"closed-{row.pk}", False, None
        row.first_name = row.last_name = row.email = ""
        row.set_unusable_password()
        row.save()

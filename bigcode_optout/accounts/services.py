"""Record sign-ins, join accounts to a person, let them go again."""

from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from bigcode_optout.accounts import sign_in_hooks
from bigcode_optout.accounts.models import GitHubIdentity, User
from bigcode_optout.accounts.policies import require_further_account
from bigcode_optout.core.errors import Conflict
from bigcode_optout.githubapi import Account


@transaction.atomic
def record_sign_in(*, user: User, account: Account, at: datetime) -> GitHubIdentity:
    """Note that `user` has just signed in as `account`, and tell the rooms above in the same transaction.

    The number decides: another login under a known number is a rename. Raises `Conflict` if the number
    belongs to somebody else here.
    """
    identity, _ = GitHubIdentity.objects.select_for_update().get_or_create(
        github_id=account.id,
        defaults={
            "user": user,
            "login": account.login,
            "account_created_at": account.created_at,
            "seen_at": at,
        },
    )
    if identity.user_id != user.pk:
        raise Conflict("identity_taken", "This GitHub account belongs to somebody else here.")
    identity.login, identity.account_created_at, identity.seen_at = account.login, account.created_at, at
    identity.save()
    sign_in_hooks.tell(identity)
    return identity


@transaction.atomic
def disconnect(*, identity: GitHubIdentity) -> None:
    """Part a joined account from its person; it may then sign in as itself. Requests stay with the person.

    Raises `Conflict` for the account that the person signed in with first.
    """
    require_further_account(identity)
    SocialAccount.objects.filter(provider="github", uid=str(identity.github_id)).delete()
    identity.delete()


def free_username(github_id: int) -> str:
    """`gh-<number>`, with a counter behind it where that name is taken (by staff, in the admin)."""
    name, count = f"gh-{github_id}", 1
    while User.objects.filter(username=name).exists():
        count += 1
        name = f"gh-{github_id}-{count}"
    return name

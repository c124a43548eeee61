"""Two people here who turn out to be one: both GitHub accounts signed in, in one browser, one after the other.

Nothing is ever merged because names or addresses are alike.
"""

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from bigcode_optout.accounts import merge_hooks
from bigcode_optout.accounts.models import GitHubIdentity, PersonMerge, User
from bigcode_optout.accounts.policies import are_same_person
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict

STAFF_SENTENCE = "Log-ins of our staff are never merged with another account."


def require_mergeable(source: User, target: User) -> None:
    """Raises `Conflict` for staff, for who is closed, and where the two are marked as different staff members."""
    if source.pk == target.pk:
        raise Conflict("same_row", "This is one account here already.")
    if any(one.is_staff or one.is_superuser for one in (source, target)):
        raise Conflict("staff_never_merge", STAFF_SENTENCE)
    if not (source.is_active and target.is_active):
        raise Conflict("closed", "One of the two accounts is closed here.")
    one, other = source.same_person_as, target.same_person_as
    if one and other and not are_same_person(one, other):
        raise Conflict(
            "two_members_of_staff", "The two belong to different members of our staff, as far as we know."
        )


@transaction.atomic
def merge_people(*, by: User, source_id: int, github_id: int) -> PersonMerge:
    """Give `by` everything of the person `source_id`, who owns the GitHub account `github_id`, and close that person.

    The caller has seen both sign in within one browser session. Raises `Conflict` when that is not so any more, or for
    who may not be merged; nothing is changed then.
    """
    # In one order everywhere: two merges at once wait for each other instead of both going half the way. Without the
    # key, since whoever holds a request and writes an event that names the person must not have to wait for us.
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=[by.pk, source_id]).order_by("pk")
    held = {user.pk: user for user in rows}
    if source_id not in held or by.pk not in held:
        raise Conflict("gone", "One of the two accounts is not here any more.")
    source, target = held[source_id], held[by.pk]
    require_mergeable(source, target)
    identities = list(GitHubIdentity.objects.select_for_update().filter(user=source).order_by("pk"))
    if github_id not in [identity.github_id for identity in identities]:
        raise Conflict("moved_on", "That GitHub account is joined to somebody else by now. Start again.")
    now = clock.now()
    # Joined now: under which account somebody is known here does not change by a merge.
    GitHubIdentity.objects.filter(user=source).update(user=target, joined_at=now)
    SocialAccount.objects.filter(user=source).update(user=target)
    merge_hooks.move(source, target)
    _close(source, target)
    return PersonMerge.objects.create(
        source=source,
        target=target,
        github_ids=[identity.github_id for identity in identities],
        merged_at=now,
    )


def _close(source: User, target: User) -> None:
    """End the source's sessions and rights. It stays as a row, marked as the same human, since history names it."""
    if source.same_person_as_id and not target.same_person_as_id and source.same_person_as_id != target.pk:
        target.same_person_as_id = source.same_person_as_id
        target.save(update_fields=["same_person_as"])
    User.objects.filter(same_person_as=source).exclude(pk=target.pk).update(same_person_as=target)
    source.same_person_as = None if target.same_person_as_id == source.pk else target
    source.is_active = False
    source.set_unusable_password()
    source.save(update_fields=["same_person_as", "is_active", "password"])

"""The policy that holds now: kinds accepted without a person, what is large, and the switch that stops it all."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.claims.models import ClaimKind
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Forbidden, Refused
from bigcode_optout.removals.models import PolicyChange

SET_POLICY = "removals.set_policy"
LARGE = "large_organisation"
# What a switch stands for. What is only stated has none: nothing is ever proven of it.
SWITCHES: Mapping[str, str] = {
    ClaimKind.ACCOUNT.value: "Own accounts",
    ClaimKind.REPOSITORY.value: "Repositories that one administers",
    ClaimKind.ORGANISATION.value: "Organisations that one owns",
    ClaimKind.FORMER_LOGIN.value: "Former logins",
    LARGE: "Large organisations, when two owners ask or nobody objected in seven days",
}


@dataclass(frozen=True)
class Policy:
    """`number` 0: as the settings have it, since nobody has changed it here."""

    accepts: Mapping[str, bool]
    large_from_members: int
    large_from_repositories: int
    is_stopped: bool = False
    number: int = 0

    def accepts_kind(self, kind: str) -> bool:
        """True when parts of this kind of claim may be accepted by a rule."""
        return not self.is_stopped and self.accepts.get(kind, False)


def current() -> Policy:
    """The newest change, or the settings before the first one. One query."""
    newest = PolicyChange.objects.first()
    if newest is None:
        return Policy(
            accepts=dict(settings.POLICY_ACCEPTS),
            large_from_members=settings.LARGE_ORGANISATION_MEMBERS,
            large_from_repositories=settings.LARGE_ORGANISATION_REPOSITORIES,
        )
    return Policy(
        accepts={**settings.POLICY_ACCEPTS, **newest.accepts},
        large_from_members=newest.large_from_members,
        large_from_repositories=newest.large_from_repositories,
        is_stopped=newest.is_stopped,
        number=newest.pk,
    )


@transaction.atomic
def change(*, by: User, policy: Policy, reason: str) -> PolicyChange:
    """Let `policy` hold from now on; what was decided before stays. `policy.number` is the one that was on the screen.

    Raises `Forbidden`; `Refused` for no reason, no change or a threshold that nothing is counted up to; `Conflict` when
    somebody else changed it meanwhile.
    """
    if not by.has_perm(SET_POLICY):
        raise Forbidden("no_permission", "Only senior reviewers set what is accepted without a person.")
    _require_sensible(policy, reason)
    before = current()
    if before.number != policy.number:
        raise Conflict("policy_changed", "Somebody else has changed the policy meanwhile. Look at it again.")
    if policy == before:
        raise Refused("no_change", "Nothing was changed.")
    return PolicyChange.objects.create(
        accepts={key: bool(policy.accepts.get(key)) for key in SWITCHES},
        large_from_members=policy.large_from_members,
        large_from_repositories=policy.large_from_repositories,
        is_stopped=policy.is_stopped,
        reason=reason.strip(),
        changed_by=by,
        changed_at=clock.now(),
    )


def _require_sensible(policy: Policy, reason: str) -> None:
    if not reason.strip():
        raise Refused("no_reason", "Write why. It stands in the history.")
    counted = settings.MEMBERS_COUNTED_UP_TO
    if not 2 <= policy.large_from_members <= counted:
        raise Refused(
            "no_threshold", f"Members are counted up to {counted}: choose a number from 2 to {counted}."
        )
    if policy.large_from_repositories < 1:
        raise Refused("no_threshold", "Choose 1 repository or more.")

"""A reason has to fit its verdict, and what it says about the dataset has to be so."""

from collections.abc import Iterable, Sequence

from bigcode_optout.claims.models import ClaimKind
from bigcode_optout.claims.queries import role_claim
from bigcode_optout.core.errors import Refused
from bigcode_optout.removals.decision_models import FITTING
from bigcode_optout.removals.models import Decision, LocatedRepository, LocateRun, RemovalRequest, ScopeItem
from bigcode_optout.removals.settling import ItemVerdict, Ruled


def require_fitting(verdicts: Iterable[ItemVerdict]) -> None:
    """Raises `Refused` for a reason of the other verdict."""
    for one in verdicts:
        if one.reason not in FITTING[one.verdict]:
            word = "accept" if one.verdict == Decision.Verdict.DECLINE else "decline"
            raise Refused("wrong_reason", f"This is a reason to {word}.")


def require_true(request: RemovalRequest, ruled: Sequence[Ruled]) -> None:
    """Raises `Refused` for “not in the dataset” where that is not so, or where nobody looked, and for “no authority
    over the organisation” about a whole account: what its requester would read says nothing to them.

    What is the requester's own and not in the dataset is kept as an exclusion for what may come: it is accepted.
    """
    for one in ruled:
        if one.reason == Decision.Reason.NO_AUTHORITY and is_whole_account(one.item):
            raise Refused(
                "no_organisation", f"{one.item} is an account, no organisation. Choose another reason."
            )
    said_absent = [one for one in ruled if one.reason == Decision.Reason.NOT_IN_DATASET]
    if said_absent:
        _require_absent(request, said_absent)


def is_whole_account(item: ScopeItem) -> bool:
    """True for everything under an account, of today or before. `claim.present` is read."""
    return item.kind == ScopeItem.Kind.OWNER and role_claim(item.claim).kind == ClaimKind.ACCOUNT


def _require_absent(request: RemovalRequest, ruled: Sequence[Ruled]) -> None:
    located = LocatedRepository.objects.filter(item__in=[one.item.pk for one in ruled])
    held = set(located.order_by().values_list("item_id", flat=True).distinct())
    unsearched = request.locate_runs.exclude(state=LocateRun.RunState.DONE).select_related("version").first()
    for one in ruled:
        if one.item.pk in held:
            raise Refused("is_in_dataset", f"{one.item} was found in the dataset. Choose another reason.")
        if unsearched is not None:
            raise Refused(
                "not_searched",
                f"{unsearched.version.name} was not searched, so nobody can say that it is not there.",
            )
        is_own = one.item.proof_state == ScopeItem.ProofState.PROVEN
        if one.verdict == Decision.Verdict.DECLINE and is_own:
            raise Refused(
                "own_is_kept",
                f"{one.item} was shown to be theirs. Accept it with this reason: it is kept as an exclusion for what "
                "may come.",
            )

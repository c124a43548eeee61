"""Judge a request in review anew when there is more to know, and let the policy accept what no person has touched."""

from django.db import transaction
from django.db.models import Max, Q

from bigcode_optout.claims.models import Claim, Proof
from bigcode_optout.core.bell import ring
from bigcode_optout.removals import acceptance, assessing, services, windows
from bigcode_optout.removals.events import locked, note
from bigcode_optout.removals.lifecycle import OPEN, Role
from bigcode_optout.removals.models import RemovalRequest, RequestEvent, RequestState

# Events after which there is more to know; the last of them has to be older than the last look.
_NEWS = ("new_evidence", "confirm_owner", "close_window")
_LOOK = "assess_again"
_EVIDENCE = {
    Proof.Method.MEMBERSHIP.value,
    Proof.Method.PERMISSION.value,
    Proof.Method.PROFILE_CODE.value,
    Proof.Method.REPOSITORY_FILE.value,
    "told",
}
# Once a person has acted on a request, or somebody or something spoke against it, a person goes on.
_OF_PERSONS = ("ask", "deny", "reopen", "appeal", "object", "contradict")


def hear_of_evidence(claim: Claim, what: str) -> None:
    """Something was shown or told about a claim: note it on the open requests that stand on it, and look again soon.

    What a judgement itself records is no news, nor is a sign-in: it happens every time somebody comes by.
    """
    if what not in _EVIDENCE:
        return
    # What is asked of a former login stands on the claim of the account or organisation that had it.
    stands_on = Q(items__claim=claim) | Q(items__claim__present=claim)
    found = RemovalRequest.objects.filter(stands_on, state__in=OPEN).distinct()
    for request_id in found.order_by("pk").values_list("pk", flat=True):
        request = locked(request_id)
        note(request, "new_evidence", role=Role.SYSTEM, data={"claim": claim.pk, "what": str(what)})
        if request.state == RequestState.IN_REVIEW:
            from bigcode_optout.removals import tasks

            ring(tasks.reassess, request_id)


def waiting() -> list[int]:
    """Requests in review about which there is news that nobody looked at: bells that were lost, answers that came."""
    news = (
        RequestEvent.objects.filter(request__state=RequestState.IN_REVIEW, code__in=_NEWS)
        .order_by()
        .values("request_id")
        .annotate(last=Max("number"))
    )
    looked = dict(
        RequestEvent.objects.filter(request__state=RequestState.IN_REVIEW, code=_LOOK)
        .order_by()
        .values_list("request_id")
        .annotate(last=Max("number"))
    )
    return [row["request_id"] for row in news if row["last"] > looked.get(row["request_id"], 0)]


@transaction.atomic
def reassess(*, request_id: int) -> RemovalRequest | None:
    """Judge the request anew from what is known here; None when there is nothing new. Asks GitHub nothing."""
    request = locked(request_id)
    if request.state != RequestState.IN_REVIEW or not _has_news(request):
        return None
    assessments = assessing.assess_items(request)
    rules = acceptance.allowed_by_rule(request, assessments) if _is_untouched(request) else {}
    note(request, _LOOK, role=Role.SYSTEM, data={"rules": sorted(set(rules.values()))}, is_internal=True)
    windows.open_where_needed(request_id=request.pk)
    return services.accept_by_rule(request_id=request.pk, rules=rules)


def _has_news(request: RemovalRequest) -> bool:
    last = request.events.filter(code__in=(*_NEWS, _LOOK)).order_by("-number").first()
    return last is not None and last.code in _NEWS


def _is_untouched(request: RemovalRequest) -> bool:
    decided = request.events.filter(code="decide_items", by_role=Role.REVIEWER.value)
    return not (request.events.filter(code__in=_OF_PERSONS).exists() or decided.exists())

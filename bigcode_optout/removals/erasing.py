"""Retention: words, names and addresses go when their time is over. Events stay, with codes, numbers and times.

What stands on a list is kept as long as the exclusion stands; nothing here touches it.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from bigcode_optout.claims.erasing import erase_claims
from bigcode_optout.claims.models import Claim
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict
from bigcode_optout.removals.events import locked, note
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import (
    Decision,
    Erasure,
    EventText,
    LocatedRepository,
    OutboxMessage,
    ProposedVerdict,
    RemovalRequest,
    RequestState,
    ScopeItem,
    Statement,
)

ERASE, ERASE_ADDRESS = "erase", "erase_address"
# Ended without leaving anything on a list.
_ENDED = (RequestState.DENIED, RequestState.EXPIRED, RequestState.WITHDRAWN)
# Nothing is left to be told by mail. Whoever was denied may still appeal, and is answered.
_SILENT = (RequestState.WITHDRAWN, RequestState.EXPIRED, RequestState.OPTED_BACK_IN, RequestState.FULFILLED)
_BATCH = 200


def due_requests() -> list[int]:
    """Requests that ended without an exclusion so long ago that what was written in them goes; oldest first."""
    before = clock.now() - timedelta(days=settings.ENDED_REQUEST_DAYS)
    ended = _last_step_before(before).filter(erasure=None).exclude(items__frozen_at__isnull=False)
    follows = Q(state=RequestState.MERGED, merged_into__erasure__isnull=False)
    found = ended.filter(Q(state__in=_ENDED) | follows)
    return list(found.order_by("pk").values_list("pk", flat=True).distinct()[:_BATCH])


def due_addresses() -> list[int]:
    """Requests about which nothing is left to be told for so long that the address, and the mails to it, go."""
    before = clock.now() - timedelta(days=settings.ADDRESS_DAYS)
    has_mail = Exists(OutboxMessage.objects.filter(request=OuterRef("pk")))
    found = _last_step_before(before).filter(state__in=_SILENT).filter(~Q(email="") | has_mail)
    return list(found.order_by("pk").values_list("pk", flat=True)[:_BATCH])


def _last_step_before(moment: datetime) -> QuerySet[RemovalRequest]:
    return RemovalRequest.objects.annotate(last_step_at=Max("events__happened_at")).filter(
        last_step_at__lt=moment
    )


@transaction.atomic
def erase(*, request_id: int) -> bool:
    """Erase the words, names and addresses of a request that ended without an exclusion; False when that was done.

    Raises `Conflict` for one that is open, stands, or is on a list.
    """
    request = locked(request_id)
    if Erasure.objects.filter(request=request).exists():
        return False
    is_listed = request.items.filter(frozen_at__isnull=False).exists()
    if is_listed or request.state not in (*_ENDED, RequestState.MERGED):
        raise Conflict("not_ended", "Only a request that has ended without an exclusion can be erased.")
    Erasure.objects.create(request=request, erased_at=clock.now())
    _erase_address(request)
    EventText.objects.filter(event__request=request).delete()
    LocatedRepository.objects.filter(run__request=request).delete()
    Statement.objects.filter(request=request).delete()
    request.objections.update(reason="")
    # Still one row for each owner who agreed; nothing on GitHub has a number below zero.
    request.confirmations.update(github_id=-F("pk"))
    Decision.objects.filter(item__request=request).update(sentence="")
    ProposedVerdict.objects.filter(proposal__request=request).update(sentence="")
    claim_ids = list(request.items.values_list("claim_id", flat=True))
    for item in request.items.all():
        _erase_item(item)
    request.message = request.canonical_text = request.ground = ""
    request.save(update_fields=["message", "canonical_text", "ground"])
    erase_claims(_without_kept_requests(claim_ids))
    # At the end: rooms above hear of it now, and what they keep of the request is made of what is left.
    note(request, ERASE, role=Role.SYSTEM)
    return True


@transaction.atomic
def erase_address(*, request_id: int) -> bool:
    """Erase the address and the mails to it; False when there are none any more, or there is more to tell after all."""
    request = locked(request_id)
    if request.state not in _SILENT or not (request.email or request.mails.exists()):
        return False
    _erase_address(request)
    note(request, ERASE_ADDRESS, role=Role.SYSTEM)
    return True


def _erase_address(request: RemovalRequest) -> None:
    request.email = ""
    request.save(update_fields=["email"])
    request.mails.all().delete()


def _erase_item(item: ScopeItem) -> None:
    """That there was a part, what was asked of it and decided about it stays; what it is called goes."""
    item.name, item.owner_id, item.repository_id, item.salt = f"erased-{item.pk}", None, None, ""
    item.assessment = {**item.assessment, "versions": {}, "alone": []} if item.assessment else {}
    item.save()


def _without_kept_requests(claim_ids: list[int]) -> list[int]:
    """Those of the claims, and of those of today behind them, on which no request stands that is kept, and no draft."""
    behind = Claim.objects.filter(former__in=claim_ids).values_list("pk", flat=True)
    kept = ScopeItem.objects.filter(request__erasure=None)
    stands = Exists(kept.filter(Q(claim=OuterRef("pk")) | Q(claim__present=OuterRef("pk"))))
    found = Claim.objects.filter(pk__in={*claim_ids, *behind}).exclude(stands)
    return list(found.values_list("pk", flat=True))

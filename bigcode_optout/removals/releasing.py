"""What a release does to requests: it freezes their items, and is handed over with them."""

from collections.abc import Iterable
from datetime import datetime

from bigcode_optout.removals import outbox
from bigcode_optout.removals.events import locked, note
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import ScopeItem
from bigcode_optout.removals.queries import LIFTED


def freeze_items(*, items: Iterable[ScopeItem], release: str, at: datetime) -> None:
    """Mark accepted items as standing in a frozen release. Part of the freeze's transaction."""
    by_request: dict[int, list[ScopeItem]] = {}
    for item in items:
        by_request.setdefault(item.request_id, []).append(item)
    for request_id, frozen in by_request.items():
        ScopeItem.objects.filter(pk__in=[item.pk for item in frozen], frozen_at__isnull=True).update(
            frozen_at=at
        )
        request = locked(request_id)
        data = {"release": release, "items": [item.pk for item in frozen]}
        note(request, "freeze", role=Role.SYSTEM, data=data)


def tell_handed_over(*, items: Iterable[ScopeItem], release: str) -> None:
    """Write event and mail “in the list handed over for …” about these items. Part of the hand-over's transaction."""
    by_request: dict[int, list[ScopeItem]] = {}
    for item in items:
        by_request.setdefault(item.request_id, []).append(item)
    for request_id, held in by_request.items():
        request = locked(request_id)
        note(request, "hand_over", role=Role.SYSTEM, data={"release": release})
        outbox.write(
            request, "in_release", release=release, held_items=held, is_lifted=request.state in LIFTED
        )

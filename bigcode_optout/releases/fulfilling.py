"""After a release was published: make fulfilled what it honours, batch by batch. The row says how far it is; any worker
can go on where another stopped."""

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict
from bigcode_optout.releases.counted import verified
from bigcode_optout.releases.models import Publication, Reappearance, Release
from bigcode_optout.releases.publishing import requests_on
from bigcode_optout.releases.queries import standing_reappearances
from bigcode_optout.removals import services as removals
from bigcode_optout.removals.models import ScopeItem

logger = logging.getLogger(__name__)


def due() -> list[int]:
    """Publications with requests left that no living worker has."""
    found = Publication.objects.filter(finished_at=None).filter(_is_free(clock.now()))
    return list(found.values_list("pk", flat=True))


def work(*, publication_id: int) -> Publication:
    """Go on until no request is left, or FULFIL_RUN_SECONDS are over; then let go of it.

    Does nothing when it has ended or another worker is at it.
    """
    mine = _take(publication_id)
    if mine is not None:
        ends = time.monotonic() + settings.FULFIL_RUN_SECONDS
        try:
            while _batch(mine) and time.monotonic() < ends:
                pass
            _let_go(mine)
        except Conflict as error:
            logger.info("publication %s goes on elsewhere: %s", publication_id, error.code)
    return Publication.objects.get(pk=publication_id)


def _take(publication_id: int) -> Publication | None:
    now = clock.now()
    free = Publication.objects.filter(pk=publication_id, finished_at=None).filter(_is_free(now))
    if not free.update(lease_until=_lease(now), number=F("number") + 1):
        return None
    return Publication.objects.select_related("release__dataset").get(pk=publication_id)


def _is_free(now: datetime) -> Q:
    return Q(lease_until__isnull=True) | Q(lease_until__lt=now)


def _lease(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.FULFIL_LEASE_SECONDS)


@transaction.atomic
def _batch(mine: Publication) -> bool:
    """Do the next requests, and write how far it is, in one transaction. False when none was left."""
    held = _still_mine(mine)
    release = mine.release
    left = requests_on(release).filter(pk__gt=held.reached_id)
    ids = list(left.values_list("pk", flat=True)[: settings.FULFIL_BATCH])
    if not ids:
        held.finished_at, held.lease_until = clock.now(), None
        held.save(update_fields=["finished_at", "lease_until"])
        return False
    shown = verified(release, held.version)
    items = ScopeItem.objects.filter(request__in=ids, exclusions__release=release)
    items = items.exclude(pk__in=_seen_in(release, held.version))
    held.fulfilled_count += removals.fulfil_items(
        items=items.distinct().order_by("request_id", "kind", "name_key"),
        release=release.name,
        version=held.version,
        kinds=shown.kinds,
        authorless=shown.authorless,
        at=held.published_at,
    )
    held.reached_id = ids[-1]
    held.done_count += len(ids)
    held.lease_until = _lease(clock.now())
    held.save(update_fields=["fulfilled_count", "reached_id", "done_count", "lease_until"])
    return True


def _seen_in(release: Release, version: str) -> QuerySet[Reappearance, int]:
    """Parts of which our own search found something in the version, whatever the reports say: nobody is told that they
    are left out."""
    found = standing_reappearances(release.dataset.slug).filter(
        is_unexpected=True, sweep__version__name=version
    )
    return found.order_by().values_list("item_id", flat=True)


@transaction.atomic
def _let_go(mine: Publication) -> None:
    held = _still_mine(mine)
    held.lease_until = None
    held.save(update_fields=["lease_until"])


def _still_mine(mine: Publication) -> Publication:
    """The row, locked. Raises `Conflict` when another worker took over because this one was silent."""
    held = Publication.objects.select_for_update(of=("self",)).get(pk=mine.pk)
    if held.number != mine.number:
        raise Conflict("publication_taken_over", "Another worker goes on with it by now.")
    return held

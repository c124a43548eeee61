"""Background work of the releases: ids in, one service called."""

import logging

from celery import shared_task
from django.conf import settings

from bigcode_optout.core.bell import ring
from bigcode_optout.core.errors import Conflict, Unavailable
from bigcode_optout.releases import preparing, sweeping

logger = logging.getLogger(__name__)


@shared_task(name="releases.sweep_versions")
def sweep_versions() -> None:
    """Find versions that another build answers for since, or that were not swept since the newest freeze."""
    for version_id in sweeping.due():
        sweep_version.apply_async(args=(version_id,), retry=False)


# Ends before the lease does, so that two workers are never at one version.
@shared_task(
    name="releases.sweep_version",
    soft_time_limit=settings.SWEEP_LEASE_SECONDS - 60,
    time_limit=settings.SWEEP_LEASE_SECONDS - 30,
)
def sweep_version(version_id: int) -> None:
    """Sweep one version. What cannot be swept now says why and is found again by `sweep_versions`."""
    try:
        sweeping.sweep(version_id=version_id)
    except (Conflict, Unavailable) as error:
        logger.info("version %s is not swept now: %s", version_id, error.code)


@shared_task(name="releases.sweep_preparations")
def sweep_preparations() -> None:
    """Find preparations that nobody is at: bells that were lost, workers that died, pauses that are over."""
    for preparation_id in preparing.due():
        prepare.apply_async(args=(preparation_id,), retry=False)


@shared_task(name="releases.prepare")
def prepare(preparation_id: int) -> None:
    """Ask GitHub for a while. What is left is found again by `sweep_preparations`."""
    if preparing.work(preparation_id=preparation_id).is_due:
        ring(prepare, preparation_id)

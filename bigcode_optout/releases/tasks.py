"""Background work of the releases: ids in, one service called."""

import logging

from celery import shared_task
from django.conf import settings

from bigcode_optout.core.bell import ring
from bigcode_optout.core.errors import Conflict, Unavailable
from bigcode_optout.releases import exporting, fulfilling, preparing, sweeping

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


@shared_task(name="releases.sweep_exports")
def sweep_exports() -> None:
    """Find releases that builders have and that are not written in every format yet."""
    for release_id in exporting.due():
        write_exports.apply_async(args=(release_id,), retry=False)


@shared_task(name="releases.write_exports")
def write_exports(release_id: int) -> None:
    """Write what is missing. What cannot be written now is found again by `sweep_exports`."""
    for problem in exporting.export_everything(release_id=release_id):
        # Sentences about lists may name people.
        reason = getattr(problem, "code", type(problem).__name__)
        logger.warning("release %s is not wholly written: %s", release_id, reason)


@shared_task(name="releases.sweep_publications")
def sweep_publications() -> None:
    """Find publications that nobody is at: bells that were lost, workers that died."""
    for publication_id in fulfilling.due():
        fulfil.apply_async(args=(publication_id,), retry=False)


@shared_task(name="releases.fulfil")
def fulfil(publication_id: int) -> None:
    """Make requests fulfilled for a while. What is left is found again by `sweep_publications`."""
    if fulfilling.work(publication_id=publication_id).is_due:
        ring(fulfil, publication_id)

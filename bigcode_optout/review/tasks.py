"""Background work of the desk: bulk runs, and the guarantee that the queue says what is so."""

import logging

from celery import shared_task

from bigcode_optout.review import bulk_work, lines, locks

logger = logging.getLogger(__name__)


@shared_task(name="review.work_bulk")
def work_bulk(run_id: int) -> None:
    """Carry out a bulk run, or go on with it."""
    bulk_work.work(run_id=run_id)


@shared_task(name="review.sweep")
def sweep() -> None:
    """Find runs that nobody works on; forget old plans and who had what open."""
    for run_id in bulk_work.due():
        work_bulk.apply_async(args=(run_id,), retry=False)
    bulk_work.forget_plans()
    locks.forget()


@shared_task(name="review.rebuild_queue")
def rebuild_queue() -> None:
    """Write lines of the queue that are missing or wrong. There should be none, except after an update of the site."""
    count = lines.rebuild()
    if count:
        logger.warning("%s lines of the queue were missing or wrong, and were written anew", count)

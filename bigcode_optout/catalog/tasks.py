"""Background work of the catalog."""

from celery import shared_task

from bigcode_optout.catalog import removing


@shared_task(name="catalog.remove_old_builds")
def remove_old_builds() -> None:
    """Remove what answers no more, after the grace period. May run at any time, twice, or next to itself."""
    removing.remove_retired()
    removing.remove_leftovers()

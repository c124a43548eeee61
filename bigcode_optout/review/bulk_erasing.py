"""What a bulk run wrote to requesters goes when one of its requests is erased: each decision has its own copy."""

from bigcode_optout.removals.change_hooks import Changes
from bigcode_optout.removals.erasing import ERASE
from bigcode_optout.review.bulk_models import BulkRun, BulkStep


def hear(changes: Changes) -> None:
    """Part of the transaction that erases the requests."""
    erased = [request_id for request_id, what in changes.items() if ERASE in what]
    if erased:
        steps = BulkStep.objects.filter(request__in=erased)
        BulkRun.objects.filter(pk__in=steps.values("run")).exclude(text="").update(text="")

"""What every version holds of every item, from rows that the page has read anyhow where those are all."""

from collections.abc import Sequence

from bigcode_optout.removals.models import LocatedRepository, RemovalRequest
from bigcode_optout.removals.queries import Finding, findings_of
from bigcode_optout.review.holdings import LOOKED_THROUGH


def findings_from(request: RemovalRequest, rows: Sequence[LocatedRepository]) -> dict[int, list[Finding]]:
    """As `removals.queries.findings_of`; `rows` as `holdings.largest_rows` gives them. One query, two where there are
    more rows than were read."""
    if len(rows) >= LOOKED_THROUGH:
        return findings_of(request)
    found = request.locate_runs.select_related("version__current_build").defer(
        "version__current_build__manifest"
    )
    by_pair: dict[tuple[int, int], list[LocatedRepository]] = {}
    for row in rows:
        by_pair.setdefault((row.run_id, row.item_id), []).append(row)
    runs = list(found)
    return {
        item.pk: [
            Finding(
                run,
                len(held),
                sum(row.file_count for row in held),
                sum(row.byte_count for row in held),
            )
            for run in runs
            for held in [by_pair.get((run.pk, item.pk), [])]
        ]
        for item in request.items.all()
    }

"""Reads about what verifications found: which rules, and whose requests they stand on."""

from collections.abc import Sequence
from dataclasses import dataclass

from bigcode_optout.releases.models import Finding, Release, Verification
from bigcode_optout.removals.models import RemovalRequest


@dataclass(frozen=True)
class Concerned:
    """A finding with the requests whose parts it concerns."""

    finding: Finding
    requests: Sequence[RemovalRequest]


def concerned_references(verification: Verification) -> list[str]:
    """The references of the requests that the findings concern, sorted."""
    found = RemovalRequest.objects.filter(items__exclusions__findings__verification=verification)
    return sorted({reference or "" for reference in found.values_list("reference", flat=True)})


def findings_of(release: Release, *, limit: int) -> list[Concerned]:
    """What the release's reports found, the worst first, at most `limit`. Two queries more than findings' own."""
    found = (
        Finding.objects.filter(verification__release=release)
        .select_related("verification", "exclusion")
        .prefetch_related("exclusion__items__request")
        .order_by("-row_count", "pk")[:limit]
    )
    return [
        Concerned(
            finding, list({item.request_id: item.request for item in finding.exclusion.items.all()}.values())
        )
        for finding in found
    ]

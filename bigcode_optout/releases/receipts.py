"""The whole receipt of a request: what it asked for, on which lists it stands, what was searched before their versions
came out, and what stays elsewhere; signed where a key is configured."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from bigcode_optout.core import clock
from bigcode_optout.core.errors import DomainError
from bigcode_optout.exclusionlist.receipt import SIGNATURE, sign_receipt
from bigcode_optout.releases.elsewhere import KIND_WORDS, stays_elsewhere
from bigcode_optout.releases.models import Finding, Publication, Release, Verification
from bigcode_optout.releases.queries import releases_with
from bigcode_optout.releases.signing import key_for
from bigcode_optout.removals import receipts
from bigcode_optout.removals.models import RemovalRequest

at = receipts.at


@dataclass(frozen=True)
class Search:
    """One check over the files of a version before it came out. `rows_left`, `events_left`: what of this request was
    found; nothing of anybody else's."""

    verification: Verification
    rows_left: int
    events_left: int

    @property
    def is_clean(self) -> bool:
        """True when nothing of this request was found."""
        return not (self.rows_left or self.events_left)

    @property
    def is_authorless(self) -> bool:
        """True when rows named nobody: there only repositories were compared."""
        return self.verification.rows_without_login > 0

    @property
    def kind_words(self) -> str:
        """`issues and pull requests`."""
        return KIND_WORDS[self.verification.scope_kind]


@dataclass(frozen=True)
class Listed:
    """A frozen list with parts of the request, and what became of it."""

    release: Release
    rule_count: int
    searches: Sequence[Search]
    publication: Publication | None


def lists_of(request: RemovalRequest) -> list[Listed]:
    """The frozen lists that hold parts of the request, oldest first. Few queries a list."""
    return [_listed(request, release) for release in releases_with(request)]


def _listed(request: RemovalRequest, release: Release) -> Listed:
    mine = release.exclusions.filter(items__request=request).distinct()
    left = (
        Finding.objects.filter(verification__release=release, exclusion__in=mine)
        .order_by()
        .values_list("verification_id")
        .annotate(Sum("row_count"), Sum("event_count"))
    )
    sums = {pk: (rows, events) for pk, rows, events in left}
    kinds = {kind for item in request.items.all() for kind in item.kinds}
    searches = [
        Search(verification, *sums.get(verification.pk, (0, 0)))
        for verification in release.verifications.filter(scope_kind__in=kinds).defer("report")
    ]
    publication = Publication.objects.filter(release=release).first()
    return Listed(release, mine.count(), searches, publication)


def receipt_of(request: RemovalRequest) -> dict[str, Any]:
    """The receipt for a program, as of today; `signature` is None where no key is configured.

    Raises `Unavailable` or `Conflict` when the key cannot be used: a receipt without the usual signature would be taken
    for a forged one.
    """
    body = receipts.as_json(request) | {
        "issued_on": clock.today().isoformat(),
        "releases": [_release(listed) for listed in lists_of(request)],
        "stays_elsewhere": [
            {"code": each.code, "sentence": each.sentence} for each in stays_elsewhere(request)
        ],
    }
    key = key_for(clock.today())
    return sign_receipt(body, key) if key else body | {SIGNATURE: None}


def signing_key_id() -> str:
    """The key that receipts are signed with today; empty when they are not."""
    try:
        key = key_for(clock.today())
    except DomainError:
        return ""
    return key.key_id if key else ""


def _release(listed: Listed) -> dict[str, Any]:
    release, publication = listed.release, listed.publication
    return {
        "release": release.name,
        "state": release.state,
        "replaces": release.replaces.name if release.replaces else None,
        "frozen_at": at(release.frozen_at),
        "handed_over_at": at(release.handed_over_at),
        "list_sha256": release.canonical_sha256,
        "rules_of_this_request": listed.rule_count,
        "searches": [_search(search) for search in listed.searches],
        "published_version": publication.version if publication else None,
        "published_at": at(publication.published_at) if publication else None,
        "kinds_not_in_version": publication.absent_kinds if publication else [],
    }


def _search(search: Search) -> dict[str, Any]:
    verification = search.verification
    return {
        "of": verification.scope_kind,
        "dataset_version": verification.dataset_version,
        "data_date": verification.data_date.isoformat() if verification.data_date else None,
        "checked_on": verification.checked_on.isoformat(),
        "files": verification.file_count,
        "rows": verification.row_count,
        "rows_without_login": verification.rows_without_login,
        "rows_found_of_this_request": search.rows_left,
        "events_found_of_this_request": search.events_left,
        "nothing_excluded_found": verification.has_passed,
        "control_agreed": True if verification.has_control else None,
        "tool": verification.tool,
        "report_sha256": verification.report_sha256,
        "report_signed_by": verification.key_id or None,
    }

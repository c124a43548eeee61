"""Gather the facts about each item and let `claims.authority` judge them."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings

from bigcode_optout.claims import queries as claims
from bigcode_optout.claims.authority import Assessment, InVersion, Located, Standing, Subject, assess
from bigcode_optout.claims.models import Claim, ClaimKind, OwnerListing, RepositoryFact
from bigcode_optout.core import clock
from bigcode_optout.names import fold
from bigcode_optout.removals.models import LocatedRepository, LocateRun, RemovalRequest, ScopeItem

RULES = {
    ClaimKind.ACCOUNT: "own_account",
    ClaimKind.ORGANISATION: "organisation_owner",
    ClaimKind.REPOSITORY: "repository_administrator",
}
RULE_TITLES = {
    "no_answer": "No answer",
    "own_account": "Own account",
    "organisation_owner": "Owner of the organisation",
    "repository_administrator": "Administrator of the repository",
}


def assess_items(request: RemovalRequest) -> dict[int, Assessment]:
    """Judge every item, keep what came out on it, and return it by the item's number."""
    found = {}
    facts = _Facts(request)
    for item in request.items.select_related("claim").prefetch_related("claim__proofs"):
        assessment = assess(
            RULES[ClaimKind(item.claim.kind)], _subject(item, facts), list(facts.in_versions(item))
        )
        item.proof_state = assessment.verdict.value
        item.assessment = assessment.as_dict()
        item.save(update_fields=["proof_state", "assessment"])
        found[item.pk] = assessment
    return found


def _subject(item: ScopeItem, facts: "_Facts") -> Subject:
    claim = item.claim
    is_organisation = claim.kind == ClaimKind.ORGANISATION
    listing = facts.listing_of(claim)
    # A single repository with its number is told apart by that; anything else by its owner's name.
    is_by_name = claim.kind != ClaimKind.REPOSITORY and item.repository_id is None
    return Subject(
        is_role_proven=claims.is_proven(claim),
        created_at=_created_at(claim),
        is_large=is_organisation and facts.largest(claim) >= settings.LARGE_ORGANISATION_REPOSITORIES,
        is_known=claim.subject_id is not None,
        is_role_recent=claims.is_role_recent(claim, at=item.request.submitted_at or clock.now()),
        is_name_current=not (
            is_by_name and listing and fold(listing.login) != item.name_key.partition("/")[0]
        ),
        is_owner_read=claim.kind == ClaimKind.REPOSITORY or claim.subject_id is None or listing is not None,
    )


def _created_at(claim: Claim) -> datetime | None:
    """When GitHub says the subject was made."""
    if claim.kind == ClaimKind.ACCOUNT:
        proof = claims.latest_proof(claim)
        text = proof.evidence.get("created_at") if proof else None
        return datetime.fromisoformat(text) if text else None
    if claim.subject_id is None:
        return None
    if claim.kind == ClaimKind.ORGANISATION:
        listing = claims.listing_of(claim.subject_id)
        return listing.created_at if listing else None
    fact = RepositoryFact.objects.filter(full_name_key="", repository_id=claim.subject_id).first()
    return fact.repository_created_at if fact else None


class _Facts:
    """What was located for a request, and what GitHub said about it."""

    def __init__(self, request: RemovalRequest) -> None:
        self.runs = list(request.locate_runs.select_related("version"))
        self.rows = list(LocatedRepository.objects.filter(run__request=request))
        self.since = since = min(request.submitted_at or clock.now(), clock.now()) - claims.FRESH
        self.claim_of_item = dict(request.items.values_list("pk", "claim_id"))
        self.listings: dict[int, OwnerListing | None] = {}
        self.is_too_many = len(self.rows) > settings.RESOLVE_LIMIT
        self.by_id = claims.facts_by_id(
            {row.repository_id for row in self.rows if row.repository_id}, since=since
        )
        self.by_name = claims.facts_by_name(
            [row.full_name for row in self.rows if not row.repository_id], since=since
        )

    def listing_of(self, claim: Claim) -> OwnerListing | None:
        """What GitHub said about the claim's owner since then, or None."""
        if claim.kind == ClaimKind.REPOSITORY or claim.subject_id is None:
            return None
        if claim.pk not in self.listings:
            found = claims.listing_of(claim.subject_id)
            self.listings[claim.pk] = found if found and found.read_at >= self.since else None
        return self.listings[claim.pk]

    def largest(self, claim: Claim) -> int:
        """How many repositories of the claim all items together cover, in the version that has most."""
        counts = Counter(row.run_id for row in self.rows if self.claim_of_item[row.item_id] == claim.pk)
        return max(counts.values(), default=0)

    def in_versions(self, item: ScopeItem) -> Iterable[InVersion]:
        """What each version holds of the item. A version that could not be searched counts as unsearched."""
        for run in self.runs:
            if run.state != LocateRun.RunState.DONE:
                unsearched = Located(item.name, has_id=False, under_name=True, standing=Standing.UNSEARCHED)
                yield InVersion(run.version.name, run.version.data_date, [unsearched])
                continue
            rows = [row for row in self.rows if row.run_id == run.pk and row.item_id == item.pk]
            located = [
                Located(
                    row.full_name,
                    row.repository_id is not None,
                    row.by_name,
                    self._standing(item.claim, row, run.version.data_date),
                )
                for row in rows
            ]
            yield InVersion(run.version.name, run.version.data_date, located)

    def _standing(self, claim: Claim, row: LocatedRepository, data_date: date) -> Standing:
        if row.repository_id is not None:
            fact = self.by_id.get(row.repository_id)
        else:
            fact = self.by_name.get(fold(row.full_name))
        if fact is None:
            return Standing.NOT_ASKED if self.is_too_many else Standing.SILENT
        return standing_of(claim, fact, row, data_date)


def _is_younger(fact: RepositoryFact, data_date: date) -> bool:
    """True when the repository that has the name today was made after the data: the row is of one before it."""
    made_at = fact.repository_created_at
    return made_at is not None and made_at.date() > data_date


def standing_of(claim: Claim, fact: RepositoryFact, row: LocatedRepository, data_date: date) -> Standing:
    """Whose the repository of a row is, seen from the claim, as GitHub said in `fact`."""
    if fact.owner_id is None:
        return Standing.GONE
    is_same = fact.repository_id if claim.kind == ClaimKind.REPOSITORY else fact.owner_id
    if is_same != claim.subject_id:
        return Standing.OTHERS
    return Standing.GONE if row.repository_id is None and _is_younger(fact, data_date) else Standing.OURS

"""What was located for a request and what GitHub said about it, as facts for `claims.authority`."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.conf import settings

from bigcode_optout.claims import queries as claims
from bigcode_optout.claims.authority import Holder, InVersion, Located, Standing
from bigcode_optout.claims.authority_evidence import Asked
from bigcode_optout.claims.authority_facts import login_holder, row_holder, standing
from bigcode_optout.claims.former_logins import login_facts
from bigcode_optout.claims.models import Claim, ClaimKind, LoginFact, OwnerListing, RepositoryFact
from bigcode_optout.core import clock
from bigcode_optout.names import fold
from bigcode_optout.removals.models import LocatedRepository, LocateRun, RemovalRequest, ScopeItem
from bigcode_optout.removals.owners import Agreement
from bigcode_optout.removals.queries import taken_up_at

_OF_NO_OWNER = (ClaimKind.REPOSITORY, ClaimKind.STATED)


def owner_part(full_name: str) -> str:
    """The folded login that a repository stands under."""
    return fold(full_name.partition("/")[0])


def is_about_owner(claim: Claim) -> bool:
    """True for the claim of an account or an organisation, under today's or a former login."""
    return claim.kind not in _OF_NO_OWNER


class Facts:
    """A request's located rows, and what GitHub said about them since shortly before the request.

    `items` are those of the request, with their claims.
    """

    def __init__(self, request: RemovalRequest, items: Iterable[ScopeItem]) -> None:
        self.agreement = Agreement(request)
        self.runs = list(request.locate_runs.select_related("version"))
        rows = list(LocatedRepository.objects.filter(run__in=self.runs))
        self.since = since = min(taken_up_at(request), clock.now()) - claims.FRESH
        self.is_too_many = len(rows) > settings.RESOLVE_LIMIT
        self.rows: dict[tuple[int, int], list[LocatedRepository]] = {}
        for row in rows:
            self.rows.setdefault((row.run_id, row.item_id), []).append(row)
        self.by_id = claims.facts_by_id({row.repository_id for row in rows if row.repository_id}, since=since)
        self.by_name = claims.facts_by_name(
            [row.full_name for row in rows if not row.repository_id], since=since
        )
        former = [item.name for item in items if item.claim.kind == ClaimKind.FORMER_LOGIN]
        self.logins = login_facts(
            {owner_part(name) for name in [*former, *(row.full_name for row in rows)]}, since=since
        )
        self._listings: dict[int, OwnerListing | None] = {}

    def listing_of(self, claim: Claim) -> OwnerListing | None:
        """What GitHub said about the claim's owner since then, or None."""
        if not is_about_owner(claim) or claim.subject_id is None:
            return None
        if claim.subject_id not in self._listings:
            found = claims.listing_of(claim.subject_id)
            self._listings[claim.subject_id] = found if found and found.read_at >= self.since else None
        return self._listings[claim.subject_id]

    def login_today(self, claim: Claim) -> str:
        """The login that the claim's owner has today."""
        listing = self.listing_of(claim)
        return listing.login if listing else claims.role_claim(claim).name

    def login_fact(self, item: ScopeItem) -> LoginFact | None:
        """Who has the login of the item today, as GitHub said, or None."""
        return self.logins.get(owner_part(item.name))

    def in_versions(self, item: ScopeItem) -> Iterator[InVersion]:
        """What each version holds of the item. A version that could not be searched counts as unsearched."""
        for run in self.runs:
            version, day = run.version.name, run.version.data_date
            if run.state != LocateRun.RunState.DONE:
                unsearched = Located(item.name, has_id=False, under_name=True, standing=Standing.UNSEARCHED)
                yield InVersion(version, day, [unsearched])
                continue
            rows = self.rows.get((run.pk, item.pk), [])
            holder = login_holder(self.login_fact(item), owner_id=item.claim.subject_id, data_date=day)
            yield InVersion(version, day, [self._located(item.claim, row, day) for row in rows], holder)

    def days_located(self, item: ScopeItem) -> set[date]:
        """The data dates of the versions in which the item was located."""
        return {run.version.data_date for run in self.runs if self.rows.get((run.pk, item.pk))}

    def asked(self, item: ScopeItem) -> list[Asked]:
        """Each question about a located repository of the item that GitHub answered, once, by number first."""
        found: dict[str, Asked] = {}
        for run in self.runs:
            for row in self.rows.get((run.pk, item.pk), []):
                fact = self._fact(row)
                if fact is None:
                    continue
                question = (
                    f"/repositories/{row.repository_id}" if row.repository_id else f"/repos/{row.full_name}"
                )
                known = fact.owner_id is not None
                found[question] = Asked(
                    question, fact.repository_id if known else None, fact.owner_id, fact.learned_at
                )
        return [found[question] for question in sorted(found)]

    def _fact(self, row: LocatedRepository) -> RepositoryFact | None:
        if row.repository_id is not None:
            return self.by_id.get(row.repository_id)
        return self.by_name.get(fold(row.full_name))

    def _located(self, claim: Claim, row: LocatedRepository, day: date) -> Located:
        fact = self._fact(row)
        return Located(
            row.full_name,
            has_id=row.repository_id is not None,
            under_name=row.by_name,
            standing=self._standing(claim, row, fact, day),
            holder=self._holder(claim, row, fact, day),
            resolved_id=fact.repository_id if fact and fact.owner_id is not None else None,
        )

    def _standing(
        self, claim: Claim, row: LocatedRepository, fact: RepositoryFact | None, day: date
    ) -> Standing:
        if fact is None:
            return Standing.NOT_ASKED if self.is_too_many else Standing.SILENT
        return standing_of(claim, fact, row, day)

    def _holder(self, claim: Claim, row: LocatedRepository, fact: RepositoryFact | None, day: date) -> Holder:
        if not is_about_owner(claim):
            return Holder.SELF
        listing = self.listing_of(claim)
        return row_holder(
            row.full_name,
            fact,
            self.logins.get(owner_part(row.full_name)),
            owner_id=claim.subject_id,
            owner_login=self.login_today(claim),
            owner_created_at=listing.created_at if listing else None,
            data_date=day,
        )


def standing_of(claim: Claim, fact: RepositoryFact, row: LocatedRepository, data_date: date) -> Standing:
    """Whose the repository of a row is, seen from the claim, as GitHub said in `fact`."""
    return standing(
        fact,
        subject_id=claim.subject_id,
        is_repository=claim.kind == ClaimKind.REPOSITORY,
        has_number=row.repository_id is not None,
        data_date=data_date,
    )

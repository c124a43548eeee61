"""Find a request's scope in every version. Each step may be run again: it replaces what an earlier run left."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from bigcode_optout.catalog.queries import find, versions
from bigcode_optout.claims import queries as claims
from bigcode_optout.claims.former_logins import learn_login, login_facts
from bigcode_optout.claims.member_counts import count_in_public, is_counted
from bigcode_optout.claims.models import ClaimKind, OwnerListing
from bigcode_optout.claims.services import name_subject, read_owner, resolve
from bigcode_optout.core import clock
from bigcode_optout.datasetindex import IndexBroken, Match
from bigcode_optout.githubapi import Deadline, NotFound, TooManyPages
from bigcode_optout.names import fold
from bigcode_optout.removals import change_hooks
from bigcode_optout.removals.models import (
    LocatedRepository,
    LocateRun,
    RemovalRequest,
    RequestState,
    ScopeItem,
)

logger = logging.getLogger(__name__)
_BATCH = 1000
_ORGANISATION = "Organization"


def take(request_id: int) -> RemovalRequest | None:
    """Take the request for this worker, or None if there is nothing to do, it is not time yet, or another is at it."""
    now = clock.now()
    taken = (
        RemovalRequest.objects.filter(pk=request_id, state=RequestState.SUBMITTED, next_attempt_at__lte=now)
        .filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now))
        .update(lease_until=_lease(now), attempt_count=F("attempt_count") + 1)
    )
    return RemovalRequest.objects.select_related("dataset").get(pk=request_id) if taken else None


def waiting() -> list[int]:
    """Requests that were received, are due for a try, and that no living worker has."""
    now = clock.now()
    found = RemovalRequest.objects.filter(state=RequestState.SUBMITTED, next_attempt_at__lte=now).filter(
        Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    )
    return list(found.order_by("submitted_at").values_list("pk", flat=True)[:1000])


def put_back(request: RemovalRequest, *, until: datetime, counts: bool = True) -> None:
    """Let go of the request; it is tried again at `until`. `counts`: this was one of its LOCATE_ATTEMPTS tries."""
    tries = F("attempt_count") - (0 if counts else 1)
    RemovalRequest.objects.filter(pk=request.pk).update(
        lease_until=None, next_attempt_at=until, attempt_count=tries
    )


def keep(request: RemovalRequest) -> None:
    """Tell that this worker is alive."""
    RemovalRequest.objects.filter(pk=request.pk).update(lease_until=_lease(clock.now()))


def _lease(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.LOCATE_LEASE_SECONDS)


def learn_owners(request: RemovalRequest) -> None:
    """Read from GitHub which repositories belong to the accounts and organisations of the request, unless just done.

    A claim that was never proven learns its subject's number on the way. Raises `GitHubError`.
    """
    of_no_owner = (ClaimKind.REPOSITORY, ClaimKind.STATED)
    items = request.items.select_related("claim").exclude(claim__kind__in=of_no_owner)
    for claim in {item.claim_id: item.claim for item in items}.values():
        if claim.subject_id is not None and (known := claims.listing_of(claim.subject_id, fresh=True)):
            _count_members(request, known)
            continue
        try:
            # Shorter than the lease: a worker that reads must not be taken for dead.
            listing = read_owner(claim.name, Deadline(_reading_seconds()), owner_id=claim.subject_id)
        except (NotFound, TooManyPages) as error:
            # Asking again brings the same; the rules see that the owner was not read, and a reviewer decides.
            logger.info("an owner of request %s was not read: %s", request.pk, error.code)
            continue
        if claim.subject_id is None:
            named = name_subject(claim=claim, subject_id=listing.owner_id, name=listing.login)
            of_claim = request.items.filter(claim=claim)
            # What was decided stays what it was decided about.
            of_claim.filter(state=ScopeItem.ItemState.OPEN).update(owner_id=listing.owner_id)
            of_claim.update(claim=named)
        keep(request)
        _count_members(request, listing)


def _reading_seconds() -> float:
    return max(settings.LOCATE_LEASE_SECONDS * 0.75, 1.0)


def _count_members(request: RemovalRequest, listing: OwnerListing) -> None:
    """Count an organisation's members in public, where nobody has counted them lately. Raises `GitHubError`."""
    if listing.kind != _ORGANISATION or is_counted(listing.owner_id):
        return
    try:
        count_in_public(organisation_id=listing.owner_id, login=listing.login)
    except (NotFound, TooManyPages) as error:
        # It stays unknown, and the rules say so.
        logger.info("members of an owner of request %s were not counted: %s", request.pk, error.code)
    keep(request)


def search(request: RemovalRequest) -> None:
    """Search every version that has not been searched yet; one that cannot be searched is marked, with the reason."""
    runs = [run for run in _runs(request) if run.state != LocateRun.RunState.DONE]
    scope = _Scope.of(request) if runs else _Scope()
    for run in runs:
        _start(run)
        with transaction.atomic(), change_hooks.gathered():
            try:
                _search_version(scope, run)
            except IndexBroken as error:
                logger.exception("version %s cannot be searched", run.version_id)
                LocateRun.objects.filter(pk=run.pk).update(
                    state=LocateRun.RunState.FAILED, failure=str(error)[:400], finished_at=clock.now()
                )
            keep(request)
            if run is runs[-1]:
                change_hooks.tell(request.pk, "searched")


def _runs(request: RemovalRequest) -> list[LocateRun]:
    """One a version. A version may have been registered since the request was sent."""
    known = list(
        request.locate_runs.select_related("version__current_build").defer("version__current_build__manifest")
    )
    missing = {version.pk: version for version in versions(request.dataset.slug)}
    for run in known:
        missing.pop(run.version_id, None)
    if not missing:
        return known
    LocateRun.objects.bulk_create(
        (LocateRun(request=request, version=version) for version in missing.values()), ignore_conflicts=True
    )
    return _runs(request)


def _start(run: LocateRun) -> None:
    LocateRun.objects.filter(pk=run.pk).update(
        state=LocateRun.RunState.RUNNING, started_at=clock.now(), failure=""
    )


@dataclass
class _Scope:
    """A request's items by what covers a row: rules 2 and 3 of design section 5."""

    by_owner: dict[str, ScopeItem] = field(default_factory=dict)
    by_name: dict[str, ScopeItem] = field(default_factory=dict)
    by_id: dict[int, set[int]] = field(default_factory=dict)
    # Numbers of who had a former login: they tell more about rows that are found by name, and find none themselves.
    beside: dict[int, set[int]] = field(default_factory=dict)
    items: dict[int, ScopeItem] = field(default_factory=dict)

    @classmethod
    def of(cls, request: RemovalRequest) -> "_Scope":
        scope = cls()
        for item in request.items.select_related("claim"):
            scope.items[item.pk] = item
            is_former_login = item.claim.kind == ClaimKind.FORMER_LOGIN and item.kind == ScopeItem.Kind.OWNER
            if item.kind == ScopeItem.Kind.OWNER:
                scope.by_owner[item.name_key] = item
                numbers = claims.repository_ids_of(item.owner_id) if item.owner_id else set()
            else:
                scope.by_name[item.name_key] = item
                numbers = {item.repository_id} if item.repository_id else set()
            for number in numbers:
                (scope.beside if is_former_login else scope.by_id).setdefault(number, set()).add(item.pk)
        return scope

    def covering(self, match: Match) -> Iterator[tuple[ScopeItem, bool, bool]]:
        """Each item that covers the row, and whether by name and by number."""
        key = fold(match.repository.repo_name)
        named = {
            item.pk
            for item in (self.by_owner.get(key.partition("/")[0]), self.by_name.get(key))
            if item is not None
        }
        number = match.repository.repo_id
        numbered = self.by_id.get(number, set()) if number is not None else set()
        known = numbered | (self.beside.get(number, set()) if number is not None else set())
        for pk in named | numbered:
            yield self.items[pk], pk in named, pk in known


def _search_version(scope: _Scope, run: LocateRun) -> None:
    matches = find(run.version, owners=scope.by_owner, repositories=scope.by_name, repository_ids=scope.by_id)
    repositories = files = size = 0
    with transaction.atomic():
        run.located.all().delete()
        while batch := list(islice(matches, _BATCH)):
            rows = [row for match in batch for row in _rows(run, scope, match)]
            LocatedRepository.objects.bulk_create(rows)
            repositories += len(batch)
            files += sum(match.repository.files for match in batch)
            size += sum(match.repository.bytes for match in batch)
        LocateRun.objects.filter(pk=run.pk).update(
            state=LocateRun.RunState.DONE,
            build=run.version.current_build,
            finished_at=clock.now(),
            repository_count=repositories,
            file_count=files,
            byte_count=size,
        )


def _rows(run: LocateRun, scope: _Scope, match: Match) -> Iterator[LocatedRepository]:
    for item, by_name, by_id in scope.covering(match):
        yield LocatedRepository(
            run=run,
            item=item,
            full_name=match.repository.repo_name,
            repository_id=match.repository.repo_id,
            file_count=match.repository.files,
            byte_count=match.repository.bytes,
            by_name=by_name,
            by_repository_id=by_id,
        )


def ask_whose(request: RemovalRequest) -> None:
    """Ask GitHub whose each located repository is, where that was not learned a short while ago.

    Numbers that were once an owner's and that the owner's listing does not have any more are asked about as well: they
    would go on the list beside the owner. Up to RESOLVE_LIMIT questions; above that nothing is asked and a reviewer
    decides. Raises `GitHubError`.
    """
    located = list(LocatedRepository.objects.filter(run__request=request).order_by())
    items = list(request.items.select_related("claim"))
    _ask_who_has_logins(request, items, located)
    since = clock.now() - claims.FRESH
    numbers = {row.repository_id for row in located if row.repository_id is not None}
    names = {fold(row.full_name): row.full_name for row in located if row.repository_id is None}
    unknown_numbers = sorted(numbers - claims.facts_by_id(numbers, since=since).keys())
    unknown_names = sorted(names.keys() - claims.facts_by_name(list(names), since=since).keys())
    if len(unknown_numbers) + len(unknown_names) > settings.RESOLVE_LIMIT:
        return
    once_owned: set[int] = set()
    for owner_id in {item.owner_id for item in items if item.kind == ScopeItem.Kind.OWNER and item.owner_id}:
        once_owned |= claims.repository_ids_of(owner_id) - numbers
    unlisted = sorted(once_owned - claims.facts_by_id(once_owned, since=since).keys())
    if len(unknown_numbers) + len(unknown_names) + len(unlisted) <= settings.RESOLVE_LIMIT:
        unknown_numbers += unlisted
    for number in unknown_numbers:
        resolve(repository_ids=[number])
        keep(request)
    for key in unknown_names:
        resolve(names=[names[key]])
        keep(request)


def _ask_who_has_logins(
    request: RemovalRequest, items: Sequence[ScopeItem], located: Iterable[LocatedRepository]
) -> None:
    """Ask GitHub who has each login today that is not the owner's: former ones that were asked for, and those that
    repositories stand under which were found by number. It tells a rename from a change of hands."""
    former = [item.name for item in items if item.claim.kind == ClaimKind.FORMER_LOGIN]
    by_number = [row.full_name for row in located if row.by_repository_id]
    logins = {fold(name.partition("/")[0]) for name in [*former, *by_number]}
    owner_ids = {item.owner_id for item in items if item.owner_id}
    logins -= {fold(listing.login) for listing in claims.listings_of(owner_ids)}
    unknown = sorted(logins - login_facts(logins, since=clock.now() - claims.FRESH).keys())
    if len(unknown) > settings.RESOLVE_LIMIT:
        return
    for login in unknown:
        learn_login(login)
        keep(request)

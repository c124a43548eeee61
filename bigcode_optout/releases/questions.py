"""What a preparation asks GitHub: the owners and repositories behind everything that stands, each once."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings

from bigcode_optout.claims.models import ClaimKind, KnownName, Proof
from bigcode_optout.claims.naming import current_names, keep_earlier
from bigcode_optout.claims.queries import facts_by_id, facts_by_name, listings_of
from bigcode_optout.claims.rechecking import Found, ask_owner, ask_repository, unlisted
from bigcode_optout.core import clock
from bigcode_optout.names import fold, split_full_name
from bigcode_optout.releases.models import Preparation, Recheck
from bigcode_optout.releases.rules import EVER
from bigcode_optout.removals.models import LocatedRepository, ScopeItem
from bigcode_optout.removals.queries import standing_items

Kind, Outcome = Recheck.Kind, Recheck.Outcome
_NAMED = {Kind.OWNER: KnownName.Of.OWNER, Kind.REPOSITORY: KnownName.Of.REPOSITORY}
_BATCH = 1000


def proven_owner(item: ScopeItem) -> int | None:
    """The owner's number when it was proven; None where none was known."""
    if item.owner_id is not None or item.claim.kind != ClaimKind.REPOSITORY:
        return item.owner_id
    shown = (proof for proof in item.claim.proofs.all() if proof.outcome == Proof.Outcome.PROVEN)
    return next((proof.evidence["owner_id"] for proof in shown if proof.evidence.get("owner_id")), None)


def write_questions(preparation: Preparation) -> int:
    """Write a row for each owner and each single repository that stands; return how many items have no number."""
    items = standing_items(preparation.release.dataset_id).select_related("claim__present", "request")
    rows, without_number = [], 0
    for item in items.prefetch_related("claim__proofs"):
        row = _question(item)
        if row is None:
            without_number += 1
            continue
        row.preparation = preparation
        rows.append(row)
    _name_as_of_today(rows)
    Recheck.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
    return without_number


def _question(item: ScopeItem) -> Recheck | None:
    known_at = item.request.submitted_at or clock.now()
    owner_id = proven_owner(item)
    present = item.claim.present
    row = Recheck(name=item.name, known_at=known_at, owner_id=owner_id)
    if item.kind == ScopeItem.Kind.OWNER and present is not None:
        # Of a former login, its owner of today is asked about.
        row.name = present.name
    if item.kind == ScopeItem.Kind.OWNER:
        row.kind, row.number = Kind.OWNER, owner_id
        return row if owner_id is not None else None
    if item.repository_id is not None:
        row.kind, row.number = Kind.REPOSITORY, item.repository_id
        return row
    row.kind, row.name_key = Kind.NAME, item.name_key
    return row if owner_id is not None else None


def _name_as_of_today(rows: Sequence[Recheck]) -> None:
    """What GitHub last called each, so that a change is told in the preparation that finds it, and in no later one."""
    for kind, of in _NAMED.items():
        numbers = [row.number for row in rows if row.kind == kind and row.number is not None]
        keep_earlier(of, _last_said(kind, numbers))
        known = current_names(of, numbers)
        for row in rows:
            if row.kind == kind and row.number in known:
                found = known[row.number]
                row.name, row.known_at = found.name, max(row.known_at, found.last_seen_at)


def _last_said(kind: Recheck.Kind, numbers: list[int]) -> dict[int, tuple[str, datetime]]:
    """Name and time of what was read about each number for other reasons."""
    if kind == Kind.OWNER:
        return {row.owner_id: (row.login, row.read_at) for row in listings_of(numbers)}
    facts = facts_by_id(numbers, since=EVER)
    return {number: (fact.full_name, fact.learned_at) for number, fact in facts.items() if fact.full_name}


def ask(row: Recheck) -> Found | None:
    """Ask GitHub. None: nothing is shown there. Network, so never inside a transaction. Raises `GitHubError`."""
    if row.kind == Kind.OWNER:
        assert row.number is not None
        return ask_owner(row.number, login=row.name, seen_at=row.known_at)
    return ask_repository(number=row.number, full_name=row.name if row.kind == Kind.NAME else "")


def outcome_of(row: Recheck, found: Found | None) -> Recheck.Outcome:
    """The answer in one word."""
    if found is None:
        return Outcome.GONE
    if row.owner_id is not None and found.owner_id != row.owner_id:
        return Outcome.MOVED
    return Outcome.SAME if fold(found.name) == fold(row.name) else Outcome.RENAMED


def follow_up(row: Recheck, *, since: datetime) -> Iterator[Recheck]:
    """Beside an owner: repositories that would go on the list as its own, or were located as its own, and that its list
    of today does not name. `since`: when the owner was asked."""
    if row.kind != Kind.OWNER or row.number is None:
        return
    yield from _by_number(row, row.number, since)
    yield from _by_name(row, row.number, since)


def _by_number(row: Recheck, owner_id: int, since: datetime) -> Iterator[Recheck]:
    rows = LocatedRepository.objects.filter(
        item__in=standing_items(row.preparation.release.dataset_id).filter(owner_id=owner_id),
        by_repository_id=True,
    )
    by_age = rows.order_by("run__version__data_date").values_list("repository_id", "full_name")
    located = {number: name for number, name in by_age if number is not None}
    facts = facts_by_id(located.keys() | unlisted(owner_id, since=since), since=EVER)
    for number in sorted(facts.keys() | located.keys()):
        fact = facts.get(number)
        is_named_today = fact is not None and fact.owner_id == owner_id and fact.learned_at >= since
        name = fact.full_name if fact and fact.full_name else located.get(number, "")
        if is_named_today or not split_full_name(name):
            continue
        yield Recheck(
            preparation=row.preparation,
            kind=Kind.REPOSITORY,
            number=number,
            name=name,
            owner_id=owner_id,
            known_at=fact.learned_at if fact else row.known_at,
        )


def _by_name(row: Recheck, owner_id: int, since: datetime) -> Iterator[Recheck]:
    """Rows of versions without numbers. More than RESOLVE_LIMIT of an owner were accepted by a person, unasked."""
    names = (
        LocatedRepository.objects.filter(
            item__in=standing_items(row.preparation.release.dataset_id).filter(
                owner_id=owner_id, kind=ScopeItem.Kind.OWNER
            ),
            repository_id__isnull=True,
        )
        .order_by()
        .values_list("full_name", flat=True)
    )
    located = {fold(name): name for name in names.distinct() if split_full_name(name)}
    named = {
        key for key, fact in facts_by_name(list(located), since=since).items() if fact.owner_id == owner_id
    }
    asked = sorted(located.keys() - named)
    if len(asked) > settings.RESOLVE_LIMIT:
        return
    for key in asked:
        yield Recheck(
            preparation=row.preparation,
            kind=Kind.NAME,
            name_key=key,
            name=located[key],
            owner_id=owner_id,
            known_at=row.known_at,
        )

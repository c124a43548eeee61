"""From standing items to the rules of a list: items over the same name become one rule, known repository numbers become
repository rules beside their owner."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.db.models import Max

from bigcode_optout.claims.models import ClaimKind, KnownName, RepositoryFact
from bigcode_optout.claims.naming import is_gone, names_of
from bigcode_optout.claims.queries import facts_by_id, listing_of
from bigcode_optout.core import clock
from bigcode_optout.exclusionlist import Rule
from bigcode_optout.names import fold, split_full_name
from bigcode_optout.removals.models import ScopeItem

EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Draft:
    """A rule in the making, and the items that it stands on."""

    kind: str
    name: str
    owner_id: int | None
    repo_id: int | None
    name_valid_until: date | None = None
    files: bool = False
    commits: bool = False
    issues: bool = False
    items: set[int] = field(default_factory=set)

    @property
    def key(self) -> "Key":
        """What makes two parts one rule."""
        return (self.kind, fold(self.name), self.name_valid_until, self.owner_id, self.repo_id)

    def add(self, item: ScopeItem) -> None:
        """Cover what `item` asks for, too."""
        self.files |= item.files
        self.commits |= item.commits
        self.issues |= item.issues
        self.items.add(item.pk)

    def as_rule(self, since_release: str) -> Rule:
        """The rule as the list has it."""
        return Rule(
            kind=self.kind,
            name=self.name,
            name_key=fold(self.name),
            name_valid_until=self.name_valid_until,
            owner_id=self.owner_id,
            repo_id=self.repo_id,
            files=self.files,
            commits=self.commits,
            issues=self.issues,
            since_release=since_release,
        )


Key = tuple[str, str, date | None, int | None, int | None]


def draft_rules(items: Iterable[ScopeItem]) -> dict[Key, Draft]:
    """The rules that the items ask for, by (kind, folded name, last day of the name, owner id, repository id)."""
    drafts: dict[Key, Draft] = {}
    for item in items:
        for draft in _drafts_of(item):
            drafts.setdefault(draft.key, draft).add(item)
    return drafts


def _drafts_of(item: ScopeItem) -> Iterable[Draft]:
    """The item under its names, and for an owner with everything the repositories whose number is known to be its."""
    if item.kind == ScopeItem.Kind.REPOSITORY:
        yield from _repository(item)
        return
    if item.claim.kind == ClaimKind.FORMER_LOGIN:
        yield from _former_login(item)
        return
    yield from _owner(item)
    if item.owner_id is not None:
        yield from _repositories_by_number(item, item.owner_id)


def _owner(item: ScopeItem) -> Iterable[Draft]:
    """The owner under the login of today, and under those that it had since it asked, each with its last day.

    The last day is the last one on which GitHub is known to have said so (docs/decisions/0016). An account that is gone
    has no login of today.
    """
    names: dict[str, tuple[str, date | None]] = {}
    today = _login_today(item)
    if today is not None and fold(today) == item.name_key:
        names[item.name_key] = (item.name, item.name_valid_until)
    elif today is not None:
        names[fold(today)] = (today, None)
    for known in _names_since(item, KnownName.Of.OWNER, item.owner_id):
        names.setdefault(known.name_key, (known.name, known.last_seen_at.date()))
    names.setdefault(item.name_key, (item.name, item.name_valid_until or _asked_on(item)))
    for name, last_day in names.values():
        yield Draft(item.kind, name, item.owner_id, None, last_day)


def _names_since(item: ScopeItem, kind: KnownName.Of, number: int | None) -> list[KnownName]:
    """What GitHub called the number since the item was asked for: earlier names have to be asked for and proven."""
    return (
        names_of(kind, number, since=item.request.submitted_at or clock.now()) if number is not None else []
    )


def _former_login(item: ScopeItem) -> Iterable[Draft]:
    """A login that its owner has left: the name until its last day, and what was located under it by number.

    Nothing else of the owner: who asks for a former login asks for no more.
    """
    yield Draft(item.kind, item.name, item.owner_id, None, item.name_valid_until or _asked_on(item))
    located = list(_located_names(item))
    facts = facts_by_id({number for number, _, _ in located}, since=EVER)
    for number, name, last_day in located:
        fact = facts.get(number)
        if fact is None or fact.owner_id in (None, item.owner_id):
            yield Draft(ScopeItem.Kind.REPOSITORY.value, name, item.owner_id, number, last_day)
        if fact is not None and fact.owner_id == item.owner_id and fold(fact.full_name) != fold(name):
            yield Draft(ScopeItem.Kind.REPOSITORY.value, fact.full_name, item.owner_id, number)


def _login_today(item: ScopeItem) -> str | None:
    """The login that GitHub last said, or None when it said that the account is gone."""
    if item.owner_id is not None and is_gone(KnownName.Of.OWNER, item.owner_id):
        return None
    listing = listing_of(item.owner_id) if item.owner_id is not None else None
    if listing is not None:
        return listing.login
    is_same = item.owner_id is not None and item.claim.subject_id == item.owner_id
    return item.claim.name if is_same else item.name


def _repository(item: ScopeItem) -> Iterable[Draft]:
    """The repository under the name that GitHub last said, and under other names that it had, with their last day."""
    today = _full_name_today(item)
    is_current = fold(today) == item.name_key
    until = item.name_valid_until if is_current else None
    yield Draft(item.kind, item.name if is_current else today, item.owner_id, item.repository_id, until)
    former = {item.name_key: (item.name, item.name_valid_until or _asked_on(item))}
    former |= {fold(name): (name, last_day) for _, name, last_day in _located_names(item)}
    for known in _names_since(item, KnownName.Of.REPOSITORY, item.repository_id):
        last_day = known.last_seen_at.date()
        former[known.name_key] = (known.name, max(last_day, former.get(known.name_key, ("", last_day))[1]))
    for key, (name, last_day) in former.items():
        if key != fold(today):
            yield Draft(item.kind, name, item.owner_id, item.repository_id, last_day)


def _full_name_today(item: ScopeItem) -> str:
    number = item.repository_id
    fact = facts_by_id([number], since=EVER).get(number) if number is not None else None
    # What went to another owner after the decision keeps the name that was decided about.
    is_its = fact is not None and (item.owner_id is None or fact.owner_id in (None, item.owner_id))
    return fact.full_name if fact and is_its and split_full_name(fact.full_name) else item.name


def _repositories_by_number(item: ScopeItem, owner_id: int) -> Iterable[Draft]:
    kind = ScopeItem.Kind.REPOSITORY.value
    facts = RepositoryFact.objects.filter(owner_id=owner_id, repository_id__isnull=False, full_name_key="")
    known = {fact.repository_id: fact.full_name for fact in facts}
    for number, name in known.items():
        yield Draft(kind, name, owner_id, number)
    located = list(_located_names(item))
    others = facts_by_id({number for number, _, _ in located} - known.keys(), since=EVER)
    for number, name, last_day in located:
        # What is gone by now was the owner's when it was decided about; what went to somebody else is theirs to decide.
        is_others = number in others and others[number].owner_id is not None
        if not is_others and fold(name) != fold(known.get(number, "")):
            # A former name: it was this repository's on the day of the data, and may be anybody's later.
            yield Draft(kind, name, owner_id, number, last_day)


def _located_names(item: ScopeItem) -> Iterable[tuple[int, str, date]]:
    """Number, name, and the newest data with both, of what was located by its number."""
    rows = (
        item.located.filter(by_repository_id=True, repository_id__isnull=False)
        .order_by()
        .values_list("repository_id", "full_name")
        .annotate(last_day=Max("run__version__data_date"))
    )
    return ((number, name, last_day) for number, name, last_day in rows if split_full_name(name))


def _asked_on(item: ScopeItem) -> date:
    """The last day on which the requester is known to have had the name."""
    return (item.request.submitted_at or clock.now()).date()

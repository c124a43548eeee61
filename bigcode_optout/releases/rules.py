"""From standing items to the rules of a list: items over the same name become one rule, known repository numbers become
repository rules beside their owner."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max

from bigcode_optout.claims.models import RepositoryFact
from bigcode_optout.exclusionlist import Rule
from bigcode_optout.names import fold, split_full_name
from bigcode_optout.removals.models import ScopeItem


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
    """The item itself, and for an owner with everything the repositories whose number is known to be the owner's."""
    yield Draft(item.kind, item.name, item.owner_id, item.repository_id, item.name_valid_until)
    if item.kind == ScopeItem.Kind.OWNER and item.owner_id is not None:
        yield from _repositories_by_number(item, item.owner_id)


def _repositories_by_number(item: ScopeItem, owner_id: int) -> Iterable[Draft]:
    kind = ScopeItem.Kind.REPOSITORY.value
    facts = RepositoryFact.objects.filter(owner_id=owner_id, repository_id__isnull=False, full_name_key="")
    known = {fact.repository_id: fact.full_name for fact in facts}
    for number, name in known.items():
        yield Draft(kind, name, owner_id, number)
    located = (
        item.located.filter(repository_id__in=known)
        .values_list("repository_id", "full_name")
        .annotate(last_day=Max("run__version__data_date"))
    )
    for number, name, last_day in located:
        if split_full_name(name) and fold(name) != fold(known[number]):
            # A former name: it was this repository's on the day of the data, and may be anybody's later.
            yield Draft(kind, name, owner_id, number, last_day)

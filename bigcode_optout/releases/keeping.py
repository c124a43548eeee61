"""What stood on the list before stays on the next one, unless its requester took it back or a reviewer decided so.

A rule that the items of today do not lead to any more is carried over while an item of it stands. Where none stands and
nothing says why, the freeze is refused: what somebody asked for must not get lost in silence.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from bigcode_optout.claims.models import RepositoryFact
from bigcode_optout.core.errors import Conflict
from bigcode_optout.names import fold
from bigcode_optout.releases.models import Exclusion, Release
from bigcode_optout.releases.rules import Draft, Key
from bigcode_optout.removals.lifecycle import OPEN, State
from bigcode_optout.removals.models import LocatedRepository, ScopeItem

ItemState = ScopeItem.ItemState
_KINDS = ("files", "commits", "issues")
# The requester's own word, or an unanswered question, of which the requester was told.
_TAKEN_BACK = frozenset({State.WITHDRAWN, State.OPTED_BACK_IN, State.EXPIRED})
_CHUNK = 500
_NAMED = 10


@dataclass
class _Cover:
    """What the rules of today cover: for each name and number the scope kinds."""

    names: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    numbers: dict[int, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, drafts: Iterable[Draft]) -> "_Cover":
        cover = cls()
        for draft in drafts:
            kinds = {kind for kind in _KINDS if getattr(draft, kind)}
            cover.names.setdefault((draft.kind, fold(draft.name)), set()).update(kinds)
            if draft.repo_id is not None:
                cover.numbers.setdefault(draft.repo_id, set()).update(kinds)
        return cover

    def missing(self, rule: Exclusion) -> set[str]:
        """The scope kinds of the rule that today's rules leave out. A number stands for all names that it had."""
        wanted = {kind for kind in _KINDS if getattr(rule, kind)}
        if rule.repo_id is not None:
            return wanted - self.numbers.get(rule.repo_id, set())
        return wanted - self.names.get((rule.kind, rule.name_key), set())


def keep_standing(previous: Release | None, drafts: dict[Key, Draft], *, standing: Collection[int]) -> None:
    """Add to `drafts` what the list before had and they lack, for the items in `standing`.

    Raises `Conflict` when a rule would be lost without a withdrawal or a decision, naming requests or rules.
    """
    if previous is None:
        return
    cover = _Cover.of(drafts.values())
    uncovered = [rule for rule in previous.exclusions.order_by("pk").iterator() if cover.missing(rule)]
    facts = _owners_now(uncovered)
    waiting: set[str] = set()
    lost: list[Exclusion] = []
    for rule, items in _with_items(uncovered):
        held = [item for item in items if item.pk in standing]
        if held and _is_anothers(rule, items, facts):
            waiting |= _undecided_parts(rule, held)
        elif held and cover.missing(rule) & {kind for item in held for kind in item.kinds}:
            _carry_over(rule, held, drafts, previous)
        elif held:
            # Somebody else who asked for more over the same name took that back.
            continue
        elif any(_is_awaited(item) for item in items):
            waiting |= {item.request.reference or "" for item in items if _is_awaited(item)}
        elif not items or not all(_is_ended(item) for item in items):
            lost.append(rule)
    _require_nothing_waits(waiting, previous)
    _require_nothing_lost(lost, previous)


def _require_nothing_waits(waiting: set[str], previous: Release) -> None:
    if waiting:
        raise Conflict(
            "standing_in_doubt",
            f"GitHub contradicts what stands on the list for {previous}, and a reviewer has to decide first: "
            f"{', '.join(sorted(waiting))}.",
        )


def _require_nothing_lost(lost: Sequence[Exclusion], previous: Release) -> None:
    if lost:
        names = ", ".join(f"{rule.kind} {rule.name}" for rule in lost[:_NAMED])
        more = f" and {len(lost) - _NAMED:,} more" if len(lost) > _NAMED else ""
        raise Conflict(
            "standing_lost",
            f"The list for {previous} excludes what the new one would not, though nobody withdrew it: {names}{more}. "
            "Nothing is frozen. Find out what became of these requests first.",
        )


def _with_items(rules: Sequence[Exclusion]) -> Iterator[tuple[Exclusion, list[ScopeItem]]]:
    for start in range(0, len(rules), _CHUNK):
        chunk = rules[start : start + _CHUNK]
        links = Exclusion.items.through.objects.filter(exclusion__in=[rule.pk for rule in chunk])
        found = links.select_related("scopeitem__request__merged_into").prefetch_related(
            "scopeitem__decisions"
        )
        by_rule: dict[int, list[ScopeItem]] = {}
        for link in found:
            by_rule.setdefault(link.exclusion_id, []).append(link.scopeitem)
        for rule in chunk:
            yield rule, by_rule.get(rule.pk, [])


def _owners_now(rules: Sequence[Exclusion]) -> Mapping[int, int | None]:
    """Whose each repository is by now, by number, where GitHub said so."""
    numbers = [rule.repo_id for rule in rules if rule.repo_id is not None]
    found: dict[int, int | None] = {}
    for start in range(0, len(numbers), _CHUNK):
        facts = RepositoryFact.objects.filter(
            repository_id__in=numbers[start : start + _CHUNK], full_name_key=""
        )
        found |= {
            number: owner
            for number, owner in facts.values_list("repository_id", "owner_id")
            if number is not None
        }
    return found


def _is_anothers(rule: Exclusion, items: Sequence[ScopeItem], facts: Mapping[int, int | None]) -> bool:
    """True for a repository on the list beside its owner that belongs to another owner by now."""
    is_beside = all(item.kind == ScopeItem.Kind.OWNER for item in items)
    now = facts.get(rule.repo_id) if rule.repo_id is not None else None
    return rule.kind == ScopeItem.Kind.REPOSITORY and is_beside and now not in (None, rule.owner_id)


def _undecided_parts(rule: Exclusion, held: Sequence[ScopeItem]) -> set[str]:
    """The requests in which a reviewer has not decided yet about a repository that went to another owner. One that
    stands in no version is its new owner's to decide."""
    located = LocatedRepository.objects.filter(
        item__in=held, repository_id=rule.repo_id, by_repository_id=True
    )
    waiting = set()
    for item in held:
        parts: QuerySet[ScopeItem] = item.request.items.filter(
            kind=ScopeItem.Kind.REPOSITORY, repository_id=rule.repo_id
        )
        if not parts.filter(state=ItemState.DECLINED).exists() and located.filter(item=item).exists():
            waiting.add(item.request.reference or "")
    return waiting


def _carry_over(
    rule: Exclusion, held: Sequence[ScopeItem], drafts: dict[Key, Draft], previous: Release
) -> None:
    """As it stood. A login that the owner's items do not name any more counts until the day of the list before."""
    until = rule.name_valid_until
    if rule.repo_id is None and until is None and previous.frozen_at is not None:
        until = previous.frozen_at.date()
    draft = Draft(rule.kind, rule.name, rule.owner_id, rule.repo_id, until)
    for item in held:
        drafts.setdefault(draft.key, draft).add(item)


def _is_awaited(item: ScopeItem) -> bool:
    """True when a reviewer has to decide about it, here or in the earlier request that stands for it."""
    elder = item.request.merged_into
    state = elder.state if elder is not None else item.request.state
    return item.state == ItemState.OPEN and state in OPEN


def _is_ended(item: ScopeItem) -> bool:
    """True when the requester took it back, or a decision says no."""
    elder = item.request.merged_into
    if (elder or item.request).state in _TAKEN_BACK:
        return True
    newest = next(iter(item.decisions.all()), None)
    return item.state == ItemState.DECLINED and newest is not None and newest.verdict == "decline"

"""What came and went between two lists, and from the older one and that to the newer one; without files."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from .errors import DeltaRefused
from .rules import Rule, sorted_rules

Subject = tuple[str, str, date | None, int | None]


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that says something else about the same subject: kind, folded name, its date, repository id."""

    before: Rule
    after: Rule


@dataclass(frozen=True, slots=True)
class Delta:
    """Each in the total order, `changed` by what it is now."""

    added: list[Rule]
    removed: list[Rule]
    changed: list[Change]


def delta_between(before: Iterable[Rule], after: Iterable[Rule]) -> Delta:
    """Return what leads from one list to the other.

    A rule counts as changed when it is the only one of its subject that went, and one came.
    """
    old, new = set(before), set(after)
    removed, added = old - new, new - old
    went, came = _by_subject(removed), _by_subject(added)
    changed = [
        Change(went[subject][0], rules[0])
        for subject, rules in came.items()
        if len(rules) == len(went.get(subject, ())) == 1
    ]
    removed -= {change.before for change in changed}
    added -= {change.after for change in changed}
    order = {rule: number for number, rule in enumerate(sorted_rules(change.after for change in changed))}
    changed.sort(key=lambda change: order[change.after])
    return Delta(sorted_rules(added), sorted_rules(removed), changed)


def apply_delta(rules: Collection[Rule], delta: Delta) -> list[Rule]:
    """Return the later list, in the total order. Raises DeltaRefused if `rules` are not those it starts from."""
    standing = set(rules)
    gone = {*delta.removed, *(change.before for change in delta.changed)}
    new = {*delta.added, *(change.after for change in delta.changed)}
    if not gone <= standing or new & standing:
        raise DeltaRefused("The delta starts from another list: it does not fit these rules.")
    return sorted_rules((standing - gone) | new)


def subject_of(rule: Rule) -> Subject:
    """Return whom or what the rule is about."""
    return rule.kind, rule.name_key, rule.name_valid_until, rule.repo_id


def _by_subject(rules: Iterable[Rule]) -> defaultdict[Subject, list[Rule]]:
    found: defaultdict[Subject, list[Rule]] = defaultdict(list)
    for rule in rules:
        found[subject_of(rule)].append(rule)
    return found

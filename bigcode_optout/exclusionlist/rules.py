"""One rule of the list, and the order in which rules stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from bigcode_optout.names import NameRefused, OwnerName, RepositoryName, fold

from .errors import RuleRefused
from .text import is_plain_line

OWNER, REPOSITORY = "owner", "repository"
KINDS = (OWNER, REPOSITORY)
SCOPE_KINDS = ("files", "commits", "issues")
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Rule:
    """Leave out what stands under this name or repository id.

    `name` is shown, `name_key` (the folded name) is compared. `name_valid_until`: the name covers dataset
    versions whose data date is not later; None means always. `owner_id` says whose the name is and is never
    compared with a dataset, since no version holds it; `repo_id` is compared, so only a repository rule may
    have one. Raises RuleRefused, with a sentence, for a rule that contradicts itself.
    """

    kind: str
    name: str
    name_key: str
    name_valid_until: date | None
    owner_id: int | None
    repo_id: int | None
    files: bool
    commits: bool
    issues: bool
    since_release: str

    def __post_init__(self) -> None:
        _check_name(self)
        _check_date(self)
        _check_ids(self)
        _check_scope(self)
        if not is_plain_line(self.since_release):
            raise RuleRefused(f"The rule for {self.name!r} does not name the release that first had it.")

    @property
    def scope_kinds(self) -> frozenset[str]:
        """Which of files, commits, issues this rule asks for."""
        return frozenset(kind for kind in SCOPE_KINDS if getattr(self, kind))


def sorted_rules(rules: Iterable[Rule]) -> list[Rule]:
    """Return the rules in their total order (all columns, left to right, null last), each exact duplicate
    once.
    """
    # Most names have one rule, so only those that share one are compared by all columns: the keys of a
    # large list would take as much memory as the list.
    ordered = sorted(rules, key=_by_name)
    result: list[Rule] = []
    for _, same_name in groupby(ordered, key=_by_name):
        group = list(same_name)
        result += sorted(set(group), key=_order) if len(group) > 1 else group
    return result


_by_name = attrgetter("kind", "name_key", "name")


def _order(rule: Rule) -> tuple[Any, ...]:
    until = rule.name_valid_until
    return (
        rule.kind,
        rule.name_key,
        rule.name,
        (until is None, until or date.min),
        (rule.owner_id is None, rule.owner_id or 0),
        (rule.repo_id is None, rule.repo_id or 0),
        rule.files,
        rule.commits,
        rule.issues,
        rule.since_release,
    )


def _check_name(rule: Rule) -> None:
    if rule.kind not in KINDS:
        raise RuleRefused(f"A rule is for an owner or a repository; {rule.kind!r} is neither.")
    try:
        if rule.kind == OWNER:
            OwnerName(rule.name)
        else:
            owner, _, name = rule.name.partition("/")
            RepositoryName(owner, name)
    except NameRefused as refused:
        raise RuleRefused(
            f"A rule of kind {rule.kind!r} cannot have the name {rule.name!r}: {refused}"
        ) from refused
    if rule.name_key != fold(rule.name):
        raise RuleRefused(f"The key {rule.name_key!r} is not the folded name of {rule.name!r}.")


def _check_date(rule: Rule) -> None:
    until = rule.name_valid_until
    # A datetime is a date to isinstance, and would bring a time of day into the list.
    if until is not None and (isinstance(until, datetime) or not isinstance(until, date)):
        raise RuleRefused(f"name_valid_until of {rule.name!r} must be a date or empty.")


def _check_ids(rule: Rule) -> None:
    for column in ("owner_id", "repo_id"):
        number = getattr(rule, column)
        if number is None:
            continue
        # True is 1 to isinstance.
        if isinstance(number, bool) or not isinstance(number, int) or not 0 < number <= _LARGEST_ID:
            raise RuleRefused(
                f"{column} of {rule.name!r} must be a positive number or empty, not {number!r}."
            )
    if rule.kind == OWNER and rule.repo_id is not None:
        raise RuleRefused(
            f"The owner rule for {rule.name!r} has a repository id; that needs a repository rule."
        )


def _check_scope(rule: Rule) -> None:
    if any(not isinstance(getattr(rule, kind), bool) for kind in SCOPE_KINDS):
        raise RuleRefused(f"files, commits and issues of {rule.name!r} must be true or false.")
    if not rule.scope_kinds:
        raise RuleRefused(f"The rule for {rule.name!r} asks for nothing: neither files, commits nor issues.")

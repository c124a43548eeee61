"""The rules in the words of BigCode's older scripts, as far as that format has words for them.

Each account is a column, its value a list of strings: `all`, `Commits`, `GitHub issue`, or a repository's
full name (reader: bigcode-project/the-stack-v2, folder `pull_requests_and_issues`, `util.py`; Apache-2.0).
The reader compares strings as they stand, so each owner gets a column and each repository a string for
every known spelling. Rules of one name count together: who asked for files in one rule and for the rest in
another gets `all`.

What the format cannot say is decided so, and counted as lossy:

- There is no word for an owner's files alone. They are written as the repositories that were located: never
  as `all`, which would take commits and issues too. Repositories made later are missed.
- A repository's name takes files, commits and issues alike. With files asked for it is written, so that
  what was asked for is honoured, and more than that goes. Without files it is left out: nobody asked for
  what it would remove.
- There is no time. A rule with `name_valid_until` must not name the next holder's account, so only
  repositories that were located under it are written, and only if it asks for files.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from bigcode_optout.names import fold

from .facts import Spellings
from .rules import OWNER, Rule, sorted_rules

EVERYTHING, COMMITS, ISSUES = "all", "Commits", "GitHub issue"


@dataclass(frozen=True, slots=True)
class LegacyList:
    """`columns`: account → its strings, both sorted; `lossy_rules`: how many rules it says only in part."""

    columns: dict[str, list[str]]
    lossy_rules: int


@dataclass(frozen=True, slots=True)
class _OwnerWords:
    keywords: tuple[str, ...]
    exact: bool


_ALL_KINDS = frozenset({"files", "commits", "issues"})
_OWNER_WORDS = {
    _ALL_KINDS: _OwnerWords((EVERYTHING,), exact=True),
    frozenset({"commits"}): _OwnerWords((COMMITS,), exact=True),
    frozenset({"issues"}): _OwnerWords((ISSUES,), exact=True),
    frozenset({"commits", "issues"}): _OwnerWords((COMMITS, ISSUES), exact=True),
    frozenset({"files"}): _OwnerWords((), exact=False),
    frozenset({"files", "commits"}): _OwnerWords((COMMITS,), exact=False),
    frozenset({"files", "issues"}): _OwnerWords((ISSUES,), exact=False),
    frozenset(): _OwnerWords((), exact=True),  # only dated rules stand under this name
}


def legacy_columns(rules: Iterable[Rule], spellings: Spellings) -> LegacyList:
    """Return the list in the legacy format's words; see above for what is lost. Changes nothing, asks nobody.

    A rule with `name_valid_until` relies on the caller to give, for its name, only spellings and repositories
    located in versions that the date covers.
    """
    ordered = sorted_rules(rules)
    several = _several_spellings(ordered, spellings)
    # Lists where sets would say it better: most have one member, and a set of one is large.
    columns: defaultdict[str, list[str]] = defaultdict(list)
    lossy_rules = 0
    for (kind, key), group in groupby(ordered, key=lambda rule: (rule.kind, rule.name_key)):
        same_name = list(group)
        accounts = several.get(_login(key)) or {_login(same_name[0].name)}
        words, lossy = (_owner if kind == OWNER else _repository)(key, same_name, accounts, spellings)
        lossy_rules += lossy
        if words:
            for account in accounts:
                columns[account] += words
    return LegacyList(
        {account: sorted(set(columns.pop(account))) for account in sorted(columns)}, lossy_rules
    )


def _owner(key: str, rules: list[Rule], accounts: set[str], spellings: Spellings) -> tuple[set[str], int]:
    standing, dated = _split(rules)
    asked = _asked(standing)
    words = _OWNER_WORDS[asked]
    located = set(spellings.repositories_of_owner.get(key, ()))
    if asked == _ALL_KINDS:
        # `all` covers what stands under the login; what a repository id told stands under another's.
        located = {name for name in located if _login(name) not in accounts}
    elif "files" not in asked | _asked(dated):
        located = set()
    return {*words.keywords, *located}, len(dated) + (0 if words.exact else len(standing))


def _repository(
    key: str, rules: list[Rule], accounts: set[str], spellings: Spellings
) -> tuple[set[str], int]:
    standing, dated = _split(rules)
    asked = _asked(standing)
    words: set[str] = set()
    if "files" in asked:
        words.update(rule.name for rule in standing)
    if "files" in asked | _asked(dated):
        words.update(spellings.repositories.get(key, ()))
    return words, len(dated) + (0 if asked == _ALL_KINDS else len(standing))


def _split(rules: list[Rule]) -> tuple[list[Rule], list[Rule]]:
    standing = [rule for rule in rules if rule.name_valid_until is None]
    return standing, [rule for rule in rules if rule.name_valid_until is not None]


def _asked(rules: list[Rule]) -> frozenset[str]:
    return frozenset[str]().union(*(rule.scope_kinds for rule in rules))


def _several_spellings(rules: list[Rule], spellings: Spellings) -> dict[str, set[str]]:
    """Every way in which an account is written anywhere in the input, by folded login, if it is more than one."""
    first: dict[str, str] = {}
    several: dict[str, set[str]] = {}
    for login in _written_logins(rules, spellings):
        known = first.setdefault(fold(login), login)
        if login != known:
            several.setdefault(fold(login), {known}).add(login)
    return several


def _written_logins(rules: list[Rule], spellings: Spellings) -> Iterator[str]:
    yield from (_login(rule.name) for rule in rules)
    for logins in spellings.owners.values():
        yield from logins
    for table in (spellings.repositories, spellings.repositories_of_owner):
        yield from (_login(name) for names in table.values() for name in names)


def _login(name: str) -> str:
    return name.partition("/")[0]

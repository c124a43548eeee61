"""A release against the list before: counts side by side, and what came and went, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from bigcode_optout.releases.changes import Changes, changes_of
from bigcode_optout.releases.models import Exclusion, Release
from bigcode_optout.removals.models import ScopeItem
from bigcode_optout.review.release_page import FrozenRules, frozen_rules, is_open

CAME, WENT, CHANGED = "came", "went", "changed"
TITLES: Mapping[str, str] = {CAME: "Came", WENT: "Went", CHANGED: "Changed"}
ROWS = 50


@dataclass(frozen=True)
class Count:
    """A figure of the release beside the one before; None where there is none."""

    title: str
    now: int
    before: int | None

    @property
    def difference(self) -> str:
        """`+12`, `−3`, or nothing."""
        if self.before is None or self.now == self.before:
            return ""
        gained = self.now - self.before
        return f"+{gained:,}" if gained > 0 else f"−{-gained:,}"


@dataclass(frozen=True)
class Row:
    """A rule, or while the release is open a part of a request, with the requests it stands on."""

    kind: str
    name: str
    note: str
    requests: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Diff:
    """`totals`: how many came, went and changed; `page` has what is shown of `shown`."""

    before: Release | None
    is_open: bool
    totals: Sequence[tuple[str, str, int]]
    shown: str
    page: Page[Any]
    rows: Sequence[Row]


def counts_of(release: Release) -> list[Count]:
    """Rules by kind and scope kind. Four queries; none for an open release, whose rules are made by the freeze."""
    if is_open(release):
        return []
    now, before = frozen_rules(release), frozen_rules(release.previous) if release.previous else None
    return [Count(title, getattr(now, name), _of(before, name)) for name, title in _COUNTED.items()]


_COUNTED: Mapping[str, str] = {
    "rules": "Rules",
    "owners": "Owners",
    "repositories": "Repositories",
    "files": "Leave out files",
    "commits": "Leave out commits",
    "issues": "Leave out issues",
    "requests": "Requests behind them",
}


def _of(rules: FrozenRules | None, name: str) -> int | None:
    return getattr(rules, name) if rules else None


def diff_of(release: Release, *, shown: str, page: str | None) -> Diff:
    """What came, went or changed, `ROWS` a page. A `shown` that is none of them is `came`."""
    changes = changes_of(release)
    shown = shown if shown in TITLES else CAME
    pages = {name: Paginator(_queryset(changes, name), ROWS) for name in TITLES}
    found = pages[shown].get_page(page)
    totals = [(name, TITLES[name], paginator.count) for name, paginator in pages.items()]
    return Diff(changes.before, is_open(release), totals, shown, found, _rows(list(found.object_list)))


def _queryset(changes: Changes, name: str) -> Any:
    found = getattr(changes, name)
    return found.prefetch_related("items__request") if found.model is Exclusion else found


def _rows(found: Sequence[Any]) -> list[Row]:
    return [_of_rule(one) if isinstance(one, Exclusion) else _of_part(one) for one in found]


def _of_rule(rule: Exclusion) -> Row:
    requests = {item.request_id: item.request.reference or "" for item in rule.items.all()}
    notes = []
    if rule.repo_id is not None:
        notes.append(f"number {rule.repo_id}")
    if rule.name_valid_until is not None:
        until = rule.name_valid_until
        notes.append(f"the name until {until.day} {until:%B %Y}")
    asked = [kind for kind in ("files", "commits", "issues") if getattr(rule, kind)]
    if len(asked) < len(("files", "commits", "issues")):
        notes.append(f"{' and '.join(asked)} only")
    return Row(rule.kind, rule.name, ", ".join(notes), sorted(requests.items()))


def _of_part(item: ScopeItem) -> Row:
    is_standing = item.state == ScopeItem.ItemState.ACCEPTED
    note = "" if is_standing and not item.frozen_at else f"{item.request.get_state_display()}".lower()
    return Row(item.kind, item.name, note, [(item.request_id, item.request.reference or "")])

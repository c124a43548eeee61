"""Show what came and went between two lists: a table for people, JSON for scripts. It names people."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .delta import Delta
from .manifest import Manifest
from .rules import Rule
from .schema import COLUMN_NAMES, row_from_rule

_COLUMNS = ("change", "kind", "name", "until", "repository id", "asks for", "since")
_STYLES = {"added": "green", "removed": "red", "changed": "yellow"}


def as_json(before: Manifest, after: Manifest, delta: Delta) -> dict[str, Any]:
    """Return the difference for a script; rules have the list's columns, dates are text."""
    return {
        "from": {"release": before.release, "canonical_sha256": before.canonical_sha256},
        "to": {"release": after.release, "canonical_sha256": after.canonical_sha256},
        "added": [_row(rule) for rule in delta.added],
        "removed": [_row(rule) for rule in delta.removed],
        "changed": [{"before": _row(change.before), "after": _row(change.after)} for change in delta.changed],
    }


def show(console: Console, before: Manifest, after: Manifest, delta: Delta) -> None:
    """Print totals, and a line for each rule that came, went or changed."""
    console.print(
        f"From release {before.release} to release {after.release}: {len(delta.added):,} added, "
        f"{len(delta.removed):,} removed, {len(delta.changed):,} changed.",
        markup=False,
        highlight=False,
    )
    if delta.added or delta.removed or delta.changed:
        console.print(_table(delta))


def _table(delta: Delta) -> Table:
    table = Table()
    for column in _COLUMNS:
        table.add_column(column, overflow="fold")
    for change, cells in _lines(delta):
        # Text, so that no cell is read as rich's markup.
        table.add_row(Text(change, style=_STYLES[change]), *map(Text, cells))
    return table


def _lines(delta: Delta) -> Iterator[tuple[str, list[str]]]:
    for change, rules in (("added", delta.added), ("removed", delta.removed)):
        yield from ((change, _cells(rule)) for rule in rules)
    for changed in delta.changed:
        pairs = zip(_cells(changed.before), _cells(changed.after), strict=True)
        yield "changed", [new if old == new else f"{old or 'none'} → {new or 'none'}" for old, new in pairs]


def _cells(rule: Rule) -> list[str]:
    until = rule.name_valid_until
    return [
        rule.kind,
        rule.name,
        until.isoformat() if until else "",
        str(rule.repo_id or ""),
        ", ".join(scope for scope in ("files", "commits", "issues") if getattr(rule, scope)),
        rule.since_release,
    ]


def _row(rule: Rule) -> dict[str, Any]:
    row = row_from_rule(rule)
    until = row["name_valid_until"]
    return {name: row[name] for name in COLUMN_NAMES} | {"name_valid_until": until and until.isoformat()}

"""Check that nothing of a list is left in the shards of a dataset version."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ..reader import ExclusionList
from ..shards import InputRefused, Shard, find_shards, tool_versions
from .columns import PLACES
from .comparing import Comparison
from .control import control, read_apply_report
from .scanning import ShardScan, scan

REPORT_VERSION = 1
_LISTED_SHARDS = 100
OnShard = Callable[[Shard, int, int], None]
"""Told of each shard that was read: which, how many are done, of how many."""


@dataclass(frozen=True, slots=True)
class Check:
    """What is checked. `unfiltered` and `apply_report` belong together: with them the control is run too."""

    schema: str
    data_date: date | None = None
    dataset_version: str | None = None
    unfiltered: tuple[Path, ...] = ()
    apply_report: Path | None = None
    jobs: int = 2


def verify(
    exclusions: ExclusionList,
    inputs: Sequence[Path],
    check: Check,
    *,
    on_shard: OnShard = lambda shard, done, total: None,
) -> dict[str, Any]:
    """Read every shard of `inputs` and return the report; `passed` only if nothing was found and the control,
    where it was run, agrees.

    Raises InputRefused, ShardRefused, ShardBroken: a shard that cannot be read proves nothing.
    """
    facts = _facts(exclusions, check)
    if bool(check.unfiltered) != (check.apply_report is not None):
        raise InputRefused("The control needs both: the unfiltered input and the report of apply.")
    applied = read_apply_report(check.apply_report, facts) if check.apply_report else None
    comparison = Comparison(
        exclusions.rules, scope_kind=PLACES[check.schema].scope_kind, data_date=check.data_date
    )
    shards, before = find_shards(inputs), find_shards(check.unfiltered) if applied else []
    total = len(shards) + len(before)
    found = _scans(comparison, shards, check, lambda shard, done: on_shard(shard, done, total))
    report = {
        "report": "verify",
        "report_version": REPORT_VERSION,
        "release": exclusions.manifest.release,
        "list_signed_by": exclusions.signed_by,
        **facts,
        "tool": tool_versions(),
        "date": date.today().isoformat(),
        "files": len(found),
        "rows_scanned": sum(result.rows for result in found.values()),
        "rows_without_login": sum(result.rows_without_login for result in found.values()),
        "rows_left": sum(result.rows_covered for result in found.values()),
        "events_left": sum(result.events_covered for result in found.values()),
        "findings": findings(exclusions, found),
        "control": None,
    }
    if applied:
        seen = _scans(
            comparison, before, check, lambda shard, done: on_shard(shard, len(shards) + done, total)
        )
        report["control"] = control(applied, seen, set(found))
    agrees = report["control"] is None or report["control"]["agrees"]
    return report | {"passed": not report["findings"] and agrees}


def _facts(exclusions: ExclusionList, check: Check) -> dict[str, Any]:
    """Return whose check this is: apply must have been told the same."""
    if check.data_date is None and needs_a_date(exclusions, PLACES[check.schema].scope_kind):
        raise InputRefused("The list has names that hold only up to a date; say the data date.")
    return {
        "list_sha256": exclusions.manifest.canonical_sha256,
        "schema": check.schema,
        "data_date": check.data_date.isoformat() if check.data_date else None,
        "dataset_version": check.dataset_version,
        "shared_content": exclusions.manifest.choices.get("shared_content"),
    }


def needs_a_date(exclusions: ExclusionList, scope_kind: str) -> bool:
    """Say whether the list has names for that kind of record that hold only up to a date."""
    return any(scope_kind in rule.scope_kinds for rule in exclusions.rules if rule.name_valid_until)


def _scans(
    comparison: Comparison, shards: Sequence[Shard], check: Check, tell: Callable[[Shard, int], None]
) -> dict[str, ShardScan]:
    found: dict[str, ShardScan] = {}
    with ThreadPoolExecutor(max_workers=check.jobs) as pool:
        results = pool.map(lambda shard: scan(comparison, shard, schema=check.schema), shards)
        for shard, result in zip(shards, results, strict=True):
            found[shard.name] = result
            tell(shard, len(found))
    return found


def findings(exclusions: ExclusionList, found: Mapping[str, ShardScan]) -> list[dict[str, Any]]:
    """Return one line for each exclusion that still covers something; of its shards the first hundred."""
    numbers = sorted({number for result in found.values() for number in result.by_rule})
    return [_finding(exclusions, number, found) for number in numbers]


def _finding(exclusions: ExclusionList, number: int, found: Mapping[str, ShardScan]) -> dict[str, Any]:
    rule = exclusions.rules[number]
    places = [(name, result.by_rule[number]) for name, result in found.items() if number in result.by_rule]
    return {
        "rule": number,
        "kind": rule.kind,
        "name_key": rule.name_key,
        "repo_id": rule.repo_id,
        "rows": sum(left.rows for _, left in places),
        "events": sum(left.events for _, left in places),
        "shards": [
            {"name": name, "rows": left.rows, "events": left.events, "first_row": left.first_row}
            for name, left in places[:_LISTED_SHARDS]
        ],
        "shards_in_all": len(places),
    }

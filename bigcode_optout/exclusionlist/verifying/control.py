"""The control: over the unfiltered input the same check must find exactly what `apply` reported.

Without it, a check that sees nothing at all would look like a clean dataset.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..shards import InputRefused
from ..shards.errors import reason
from .scanning import ShardScan

_SHOWN = 20


def read_apply_report(path: Path, expected: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report of `apply`. Raises InputRefused if it is none, or one of another list or dataset
    version: `expected` has the keys that must agree.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputRefused(f"{path} cannot be read as a report of apply: {reason(error)}.") from error
    if not isinstance(report, dict) or report.get("report") != "apply":
        raise InputRefused(f"{path} is not a report of apply.")
    for key, value in expected.items():
        if report.get(key) != value:
            raise InputRefused(f"{path} is of another run: its {key} is {report.get(key)!r}, not {value!r}.")
    return report


def control(report: Mapping[str, Any], found: Mapping[str, ShardScan], filtered: set[str]) -> dict[str, Any]:
    """Return what apply reported beside what was found before the filter, and where the two differ.

    `filtered` are the shards that were checked after the filter: they must be those that apply wrote. It
    `agrees` only if every shard and every exclusion has the same figures.
    """
    expected_shards = {
        shard["name"]: (
            shard["rows_in"],
            shard["rows_removed"] + shard["rows_emptied"],
            shard["events_removed"],
        )
        for shard in report["shards"]
    }
    found_shards = {name: (scan.rows, scan.rows_covered, scan.events_covered) for name, scan in found.items()}
    expected_rules = {
        line["rule"]: (line["rows_removed"] + line["rows_emptied"], line["events_removed"])
        for line in report["exclusions"]
    }
    missing = sorted(expected_shards.keys() ^ filtered)
    shards = _differences(expected_shards, found_shards)
    rules = _differences(expected_rules, by_rule(found))
    return {
        "agrees": not (missing or shards or rules),
        "rows_scanned": sum(scan.rows for scan in found.values()),
        "rows_expected": sum(rows for _, rows, _ in expected_shards.values()),
        "rows_found": sum(scan.rows_covered for scan in found.values()),
        "shards_not_in_both": missing[:_SHOWN],
        "shards_that_differ": shards[:_SHOWN],
        "exclusions_that_differ": rules[:_SHOWN],
    }


def by_rule(scans: Mapping[str, ShardScan]) -> dict[int, tuple[int, int]]:
    """Return rows and single events of each rule over all shards."""
    sums: dict[int, tuple[int, int]] = {}
    for scan in scans.values():
        for rule, left in scan.by_rule.items():
            rows, events = sums.get(rule, (0, 0))
            sums[rule] = rows + left.rows, events + left.events
    return sums


def _differences(expected: Mapping[Any, Any], found: Mapping[Any, Any]) -> list[dict[str, Any]]:
    keys = sorted(expected.keys() | found.keys())
    return [
        {"of": key, "reported": expected.get(key), "found": found.get(key)}
        for key in keys
        if expected.get(key) != found.get(key)
    ]

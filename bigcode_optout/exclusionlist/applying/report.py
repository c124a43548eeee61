"""The report of a finished run, as JSON."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from ..rules import Rule
from .options import Run
from .result import RuleCount, ShardResult

REPORT_VERSION = 1


def report_of(run: Run, results: Mapping[str, ShardResult], *, on: date) -> dict[str, Any]:
    """Return the report: the run, totals, one line for each shard and each exclusion that covered anything.

    `exclusions` name a rule by its place in the list's total order (`rule`, from 0) and by what it compares.
    `shared_content` has both counts for rows of several holders: removed with `drop`, emptied with `keep`.
    """
    by_rule = _by_rule(results)
    return {
        "report": "apply",
        "report_version": REPORT_VERSION,
        "release": run.release,
        "list_signed_by": run.signed_by,
        **run.key(),
        "date": on.isoformat(),
        "totals": _totals(results),
        "unchanged": [name for name, result in results.items() if result.is_unchanged],
        "shards": [{"name": name, **_shard(result)} for name, result in results.items()],
        "exclusions": [_exclusion(run.rules[rule], rule, counts) for rule, counts in sorted(by_rule.items())],
        "exclusions_without_rows": len(run.rules) - len(by_rule),
    }


def _totals(results: Mapping[str, ShardResult]) -> dict[str, Any]:
    every = list(results.values())
    kinds: dict[str, int] = defaultdict(int)
    for result in every:
        for kind, rows in result.removed_by_kind.items():
            kinds[kind] += rows
    return {
        "shards": len(every),
        "shards_unchanged": sum(result.is_unchanged for result in every),
        "rows_in": sum(result.rows_in for result in every),
        "rows_out": sum(result.rows_out for result in every),
        "rows_removed": sum(result.rows_in - result.rows_out for result in every),
        "files_removed": _sum([result.files_removed for result in every]),
        "events_removed": sum(result.events_removed for result in every),
        "removed_by_kind": dict(sorted(kinds.items())),
        "rows_without_login": sum(result.rows_without_login for result in every),
        "rows_with_another_holder": {
            "removed": sum(result.rows_shared - result.rows_emptied for result in every),
            "emptied": sum(result.rows_emptied for result in every),
        },
    }


def _shard(result: ShardResult) -> dict[str, Any]:
    return result.figures() | {"rows_removed": result.rows_in - result.rows_out}


def _by_rule(results: Mapping[str, ShardResult]) -> dict[int, list[RuleCount]]:
    by_rule: dict[int, list[RuleCount]] = defaultdict(list)
    for result in results.values():
        for rule, counted in result.by_rule.items():
            by_rule[rule].append(counted)
    return by_rule


def _exclusion(rule: Rule, number: int, counts: list[RuleCount]) -> dict[str, Any]:
    return {
        "rule": number,
        "kind": rule.kind,
        "name_key": rule.name_key,
        "repo_id": rule.repo_id,
        "shards": len(counts),
        "rows_removed": sum(counted.rows_removed for counted in counts),
        "files_removed": _sum([counted.files_removed for counted in counts]),
        "rows_emptied": sum(counted.rows_emptied for counted in counts),
        "events_removed": sum(counted.events_removed for counted in counts),
    }


def _sum(numbers: list[int | None]) -> int | None:
    """Return the sum, or None if a part of it is not known."""
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None

"""Say whether a planned release holds anything that a list covers."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ..reader import ExclusionList
from ..rules import KINDS
from ..shards import InputRefused, Shard, open_shard, tool_versions
from .columns import PLACES, schema_of
from .comparing import Comparison
from .planned import INDEX, planned
from .run import findings, needs_a_date
from .scanning import ShardScan, scan

REPORT_VERSION = 1
OnShard = Callable[[Shard, int, int], None]
"""Told of each shard that was read: which, how many are done, of how many."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One shard and what it takes to read it."""

    shard: Shard
    schema: str
    data_date: date | None

    @property
    def scope_kind(self) -> str:
        return "files" if self.schema == INDEX else PLACES[self.schema].scope_kind


def gate(
    exclusions: ExclusionList,
    inputs: Sequence[Path],
    *,
    schema: str | None = None,
    data_date: date | None = None,
    jobs: int = 2,
    on_shard: OnShard = lambda shard, done, total: None,
) -> dict[str, Any]:
    """Look through every shard and index of `inputs` and return the report; `passed` only if nothing is found.

    Without `schema` each shard tells its own by its columns. `by_kind` counts, for each kind of rule, exclusions
    that cover anything, and their rows and single events. Raises InputRefused, ShardRefused, ShardBroken.
    """
    parts = [
        _Part(shard, kind.schema or _schema_of(shard), kind.data_date)
        for kind in planned(inputs, schema=schema, data_date=data_date)
        for shard in kind.shards
    ]
    _refuse_without_a_day(exclusions, parts)
    found: dict[str, ShardScan] = {}
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        comparisons = _comparisons(exclusions, parts)
        results = pool.map(
            lambda part: scan(comparisons[part.scope_kind, part.data_date], part.shard, schema=part.schema),
            parts,
        )
        for part, result in zip(parts, results, strict=True):
            found[part.shard.name] = result
            on_shard(part.shard, len(found), len(parts))
    left = findings(exclusions, found)
    return {
        "report": "gate",
        "report_version": REPORT_VERSION,
        "release": exclusions.manifest.release,
        "list_signed_by": exclusions.signed_by,
        "list_sha256": exclusions.manifest.canonical_sha256,
        "schemas": sorted({part.schema for part in parts}),
        "tool": tool_versions(),
        "date": date.today().isoformat(),
        "files": len(found),
        "rows_scanned": sum(result.rows for result in found.values()),
        "rows_without_login": sum(result.rows_without_login for result in found.values()),
        "rows_found": sum(result.rows_covered for result in found.values()),
        "events_found": sum(result.events_covered for result in found.values()),
        "by_kind": {kind: _sums([line for line in left if line["kind"] == kind]) for kind in KINDS},
        "findings": left,
        "passed": not left,
    }


def _schema_of(shard: Shard) -> str:
    with open_shard(shard.path) as file:
        return schema_of(file.schema_arrow, name=shard.name)


def _refuse_without_a_day(exclusions: ExclusionList, parts: Sequence[_Part]) -> None:
    for kind in {part.scope_kind for part in parts if part.data_date is None}:
        if needs_a_date(exclusions, kind):
            raise InputRefused("The list has names that hold only up to a date; say the data date.")


def _comparisons(
    exclusions: ExclusionList, parts: Sequence[_Part]
) -> dict[tuple[str, date | None], Comparison]:
    return {
        (kind, day): Comparison(exclusions.rules, scope_kind=kind, data_date=day)
        for kind, day in {(part.scope_kind, part.data_date) for part in parts}
    }


def _sums(lines: Sequence[dict[str, Any]]) -> dict[str, int]:
    return {
        "exclusions": len(lines),
        "rows": sum(line["rows"] for line in lines),
        "events": sum(line["events"] for line in lines),
    }
